"""No page offers its reader a link to a page that refuses them: every link is followed, from the first page on."""

import re

import pytest
from django.urls import resolve

from accounts.roles import Role
from tests.counted import COUNTED
from tests.matrix import world as worlds
from tests.matrix.test_matrix import signed_in

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="(/[^"#]*)"')
SIGNED_OUT = frozenset({"account_logout"})
REFUSED = (403, 404, 500)


def links(body: str) -> set[str]:
    return {found.replace("&amp;", "&") for found in LINK.findall(body) if not found.startswith("/static/")}


def kind_of(path: str) -> tuple[str, ...]:
    """The page a link leads to, of this file or of another, and what it asks: one of each kind is followed."""
    place, _, query = path.partition("?")
    found = resolve(place)
    names = sorted(part.partition("=")[0] for part in query.split("&") if part)
    return (str(found.url_name), str(found.kwargs.get("case", "")), *names)


@pytest.mark.parametrize(
    "role",
    [Role.TEAM_MANAGER, *(pytest.param(one, marks=pytest.mark.prove) for one in Role if one != Role.TEAM_MANAGER)],
)
def test_every_link_of_every_page_opens(role):
    world = worlds.build()
    (client,) = signed_in({role: world.users[role]}).values()
    waiting = [("", "/"), ("", f"/cases/{world.cases['holding']}/")]
    seen, refused = set(), []
    while waiting:
        by, path = waiting.pop()
        kind = kind_of(path)
        if kind in seen or kind[0] in SIGNED_OUT:
            continue
        seen.add(kind)
        answer = client.get(path, follow=True)
        if answer.status_code in REFUSED:
            if by:
                refused.append(f"{kind[0]} {answer.status_code} from {by}")
        elif answer.get("Content-Type", "").startswith("text/html"):
            waiting += [(kind[0], one) for one in sorted(links(answer.content.decode()))]
    COUNTED["links followed"] += len(seen)
    assert refused == []
