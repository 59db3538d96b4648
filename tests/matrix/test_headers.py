"""Every page, whoever it is for, goes out with every header that protects it."""

import pytest
from django.test import Client

from tests.matrix.oracle import ORACLE
from tests.matrix.test_matrix import address_of, ids_for, is_api, of_kind, undone
from tests.matrix.vocabulary import AnyoneSignedIn, ForRole, OnFile, Public

pytestmark = pytest.mark.django_db

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
}  # fmt: skip


def missing(response, *, signed_in: bool) -> list[str]:
    wrong = [name for name, value in ALWAYS.items() if response.headers.get(name) != value]
    policy = {one.strip() for one in response.headers.get("Content-Security-Policy", "").split(";")}
    if policy != POLICY:
        wrong.append(f"Content-Security-Policy: {policy ^ POLICY}")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if signed_in and response.headers.get("Cache-Control") != "no-store":
        wrong.append(f"Cache-Control: {response.headers.get('Cache-Control')}")
    return wrong


def test_every_page_somebody_signed_in_may_open(world):
    wrong = []
    for name in of_kind(OnFile, ForRole, AnyoneSignedIn):
        roles = getattr(ORACLE[name], "allowed", None) or list(world.clients)
        client = world.clients[sorted(roles)[0]]
        with undone():
            response = client.get(address_of(name, ids_for(name, world), world.cases["holding"]))
        wrong += [f"{name} ({response.status_code}): {one}" for one in missing(response, signed_in=True)]
    assert wrong == []


def test_every_page_for_anyone_and_every_refusal(world):
    anyone, wrong = Client(), []
    for address in [
        *(address_of(name, ids_for(name, world), None) for name in of_kind(Public)),
        "/nowhere/",
        "/children/",
    ]:
        wrong += [f"{address}: {one}" for one in missing(anyone.get(address), signed_in=False)]
    assert wrong == []


def test_no_page_carries_a_script_or_a_style_in_itself(world):
    """What the policy would refuse is not there in the first place."""
    for name in of_kind(OnFile, ForRole, AnyoneSignedIn):
        if is_api(name):
            continue
        roles = getattr(ORACLE[name], "allowed", None) or list(world.clients)
        with undone():
            client = world.clients[sorted(roles)[0]]
            page = client.get(address_of(name, ids_for(name, world), world.cases["holding"])).content.decode()
        for forbidden in ("<script>", "<style", " style=", " onclick=", "javascript:"):
            assert forbidden not in page, (name, forbidden)
