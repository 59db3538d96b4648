"""A version of the toolkit is checked whole, looked at before anybody uses it, and never edited."""

import json
from copy import deepcopy
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from assessments.content import thresholds_of
from assessments.models import Assessment, ToolkitItem, ToolkitSection, ToolkitVersion
from assessments.services import start_assessment
from assessments.toolkit import CURRENT
from assessments.toolkit.changes import NOTHING, changes
from assessments.toolkit.checking import BadToolkit, read
from assessments.toolkit.services import load_toolkit, publish_toolkit
from tests.children.database import BY_A_POLICY, BY_A_PRIVILEGE, execute, refused
from tests.children.factories import ChildFactory
from tests.factories import give, person, team_of
from tests.signed_in import sign_in

pytestmark = pytest.mark.django_db

FILE = json.loads(CURRENT.read_text())
BEGUN = {"reason": "new_concern", "concern_on": date(2020, 1, 1), "sources_used": "Visit, school"}


def changed(**about):
    """The toolkit there is, under the next number, changed."""
    return {**deepcopy(FILE), "number": 2, **about}


def text(**about):
    return json.dumps(changed(**about))


@pytest.fixture
def admin(db):
    return person(Role.DIRECTORY_ADMIN, name="Fay Marlow")


@pytest.fixture
def current(db):
    return ToolkitVersion.objects.get(is_current=True)


# The file


def without_a_section():
    return changed(sections=[one for one in FILE["sections"] if one["kind"] != "protective"])


def first_item(**about):
    data = changed()
    data["sections"][0]["items"][0] |= about
    return data


def first_section(**about):
    data = changed()
    data["sections"][0] |= about
    return data


def twice(data):
    data["sections"][0]["items"][1]["code"] = data["sections"][0]["items"][0]["code"]
    return data


BAD = {
    "no JSON": ("{", "The file is not JSON"),
    "nested without end": ("[" * 100_000, "The file is not JSON"),
    "a list": ("[]", "A toolkit has a name and a number"),
    "no name": (text(name=" "), "A toolkit has a name"),
    "a number that is none": (text(number="2"), "A toolkit has a name and a number"),
    "a number that is true": (text(number=True), "A toolkit has a name and a number"),
    "too big a number": (text(number=2**40), "A toolkit has a name and a number"),
    "a source that is no text": (text(source=7), "The source of a toolkit"),
    "no sections": (text(sections=None), "A toolkit has a list of sections"),
    "sections that are none": (text(sections=[1]), "A toolkit has a list of sections"),
    "a kind that lacks": (json.dumps(without_a_section()), "There is no section of the kind protective"),
    "an unknown kind": (json.dumps(first_section(kind="luck")), "the kind luck is not known"),
    "a kind that is a list": (json.dumps(first_section(kind=[])), "is not known"),
    "a section without a title": (json.dumps(first_section(title="")), "Every section has a code"),
    "too long a code": (json.dumps(first_section(code="ABCDE")), "Every section has a code of 4 signs"),
    "a section without items": (json.dumps(first_section(items=[])), "Section A has no list of items"),
    "an item that is none": (json.dumps(first_section(items=["A01"])), "Section A has no list of items"),
    "a code of another section": (json.dumps(first_item(code="B99")), "begins with A"),
    "no label": (json.dumps(first_item(label="")), "it has a label"),
    "too long a label": (json.dumps(first_item(label="x" * 301)), "300 letters or fewer"),
    "an unknown weight": (json.dumps(first_item(weight="heavy")), "the weight heavy is not known"),
    "a weight that is a list": (json.dumps(first_item(weight=[])), "is not known"),
    "an unknown type": (json.dumps(first_item(types=["Z"])), "a type is not known"),
    "types that are none": (json.dumps(first_item(types="S")), "a type is not known"),
    "a code twice": (json.dumps(twice(changed())), "stands there twice"),
    "an unknown threshold": (text(thresholds={"luck": 1}), "Threshold luck is not known"),
    "a threshold of nothing": (text(thresholds={"present_for_medium": 0}), "a whole number, 1 or more"),
    "a threshold that is no list": (text(thresholds={"not_alone": "G"}), "a list of codes"),
    "thresholds that are none": (text(thresholds=[]), "The thresholds are names"),
    "a threshold for what is not there": (text(thresholds={"duty_items": ["K99"]}), "names K99"),
}


@pytest.mark.parametrize(("given", "sentence"), BAD.values(), ids=BAD)
def test_each_mistake_in_a_file_is_a_sentence(given, sentence):
    with pytest.raises(BadToolkit, match=sentence):
        read(given)


def test_every_mistake_is_told_at_once():
    data = first_item(weight="heavy", types=["Z"])
    data["sections"][1]["title"] = ""
    with pytest.raises(BadToolkit) as bad:
        read(json.dumps(data))
    assert len(bad.value.mistakes) == 3


def test_the_toolkit_there_is_has_no_mistake():
    assert read(CURRENT.read_text()) == FILE


# Loading and publishing


def test_a_loaded_version_is_used_by_nobody_until_it_is_published(admin, current):
    version = load_toolkit(by=admin, text=text())
    assert (version.is_current, version.published_at, version.loaded_by) == (False, None, admin)
    assert ToolkitVersion.objects.get(is_current=True) == current
    published = publish_toolkit(by=admin, toolkit=version)
    assert (published.is_current, published.published_by) == (True, admin)
    assert list(ToolkitVersion.objects.filter(is_current=True)) == [published]


def test_an_assessment_stays_under_the_version_it_was_made_with(admin, current):
    worker, case = person(Role.SOCIAL_WORKER), ChildFactory().case
    give(case, team_of(worker))
    before = start_assessment(case, by=worker, **BEGUN)
    publish_toolkit(by=admin, toolkit=load_toolkit(by=admin, text=text(thresholds={"present_for_medium": 5})))
    other = ChildFactory().case
    give(other, team_of(worker))
    after = start_assessment(other, by=worker, **BEGUN)
    with acting_as(worker.pk):
        assert Assessment.objects.get(pk=before.pk).toolkit == current
    assert thresholds_of(current).present_for_medium == 3
    assert thresholds_of(after.toolkit).present_for_medium == 5


def test_the_same_file_again_is_the_same_version(admin):
    assert load_toolkit(by=admin, text=text()) == load_toolkit(by=admin, text=text())


@pytest.mark.parametrize("about", [{"name": "Another"}, {"number": 1, "name": "Another"}])
def test_a_number_is_used_once(admin, about):
    load_toolkit(by=admin, text=text())
    with pytest.raises(Refused, match="Give it the next number"):
        load_toolkit(by=admin, text=text(**about))


def test_of_a_file_with_a_mistake_nothing_is_loaded(admin):
    with pytest.raises(Refused, match="the weight heavy"):
        load_toolkit(by=admin, text=json.dumps(first_item(weight="heavy")))
    assert not ToolkitVersion.objects.filter(number=2).exists()


def test_a_version_is_published_once(admin, current):
    with pytest.raises(Refused, match="published before"):
        publish_toolkit(by=admin, toolkit=current)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DIRECTORY_ADMIN])
def test_nobody_else_loads_or_publishes(role, admin):
    version, other = load_toolkit(by=admin, text=text()), person(role)
    with pytest.raises(NotAllowed):
        load_toolkit(by=other, text=text(number=3))
    with pytest.raises(NotAllowed):
        publish_toolkit(by=other, toolkit=version)


def test_what_changes_is_told_item_by_item(admin, current):
    data = first_item(label="Missing from home", weight="critical")
    dropped = data["sections"][1]["items"].pop()
    data["sections"][0]["title"] = "Missing"
    data["thresholds"] = {"present_for_medium": 4}
    found = {
        one.what: (one.before, one.after) for one in changes(current, load_toolkit(by=admin, text=json.dumps(data)))
    }
    assert set(found) == {
        "Items of any weight present or suspected, for medium", "Section A", "Item A01", f"Item {dropped['code']}",
    }  # fmt: skip
    assert found["Items of any weight present or suspected, for medium"] == ("3", "4")
    assert "Missing from home (critical" in found["Item A01"][1]
    assert found[f"Item {dropped['code']}"][1] == NOTHING


# What the database refuses


EDITS = [
    "UPDATE assessments_toolkititem SET label = 'x'",
    "UPDATE assessments_toolkitsection SET title = 'x'",
    "UPDATE assessments_toolkitversion SET thresholds = '{}'",
    "DELETE FROM assessments_toolkititem",
    "DELETE FROM assessments_toolkitsection",
    "DELETE FROM assessments_toolkitversion",
]


@pytest.mark.parametrize("statement", EDITS)
def test_no_version_is_edited(admin, statement):
    with refused(admin, BY_A_PRIVILEGE):
        execute(statement)


def test_nothing_comes_to_a_version_that_was_published(admin, current):
    section = current.sections.first()
    with refused(admin, BY_A_POLICY):
        ToolkitSection.objects.create(toolkit=current, code="Z", title="x", kind="harm", place=99)
    with refused(admin, BY_A_POLICY):
        ToolkitItem.objects.create(section=section, code="A99", label="x", weight="plain", place=99)


def test_nobody_else_puts_in_a_version_or_makes_it_current(admin):
    version, worker = load_toolkit(by=admin, text=text()), person(Role.SOCIAL_WORKER)
    with refused(worker, BY_A_POLICY):
        ToolkitVersion.objects.create(name="x", number=9, content_hash="x", loaded_by=worker)
    with refused(admin, BY_A_POLICY):
        ToolkitVersion.objects.create(name="x", number=9, content_hash="x", loaded_by=worker)
    with refused(admin, BY_A_POLICY):
        ToolkitVersion.objects.create(
            name="x", number=9, content_hash="x", loaded_by=admin, is_current=True, published_at="2026-01-01T00:00Z"
        )
    with acting_as(worker.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_toolkitversion SET is_current = true WHERE id = %s", [version.pk])
        assert cursor.rowcount == 0


# The pages


def send(client, name, content, **about):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(reverse("load_toolkit"), {"file": file, **about})


def test_a_file_is_loaded_looked_at_and_published(admin):
    client = sign_in(Client(), admin)
    sent = send(client, "v2.json", json.dumps(first_item(label="Missing from home")))
    version = ToolkitVersion.objects.get(number=2)
    assert sent.url == reverse("toolkit", args=[version.pk])
    page = client.get(sent.url).content.decode()
    assert "Not published" in page
    assert "Missing from home" in page
    assert "What changes" in page
    client.post(reverse("publish_toolkit", args=[version.pk]), {"has_read": "on"})
    page = client.get(sent.url).content.decode()
    assert "In use" in page
    assert "What changes" not in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("v2.json", b"\xff\xfe\x00", "The file is not text"),
        ("v2.json", b"", "The file is empty"),
        ("v2.json", b"x" * 500_001, "must be 500 kB or smaller"),
        ("v2.json", b"{}", "A toolkit has a name and a number"),
        ("x" * 250 + ".json", b"{}", "too long"),
    ],
)  # fmt: skip
def test_what_is_no_toolkit_is_told_beside_the_file(admin, name, content, sentence):
    page = send(sign_in(Client(), admin), name, content)
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_no_file_is_told_too(admin):
    assert "Choose the file" in sign_in(Client(), admin).post(reverse("load_toolkit"), {}).content.decode()


def test_a_number_that_is_taken_is_told_on_the_page(admin):
    page = send(sign_in(Client(), admin), "v1.json", text(number=1, name="Another"))
    assert "Version 1 is loaded already" in page.content.decode()


def test_a_version_taken_away_is_the_file_it_was_loaded_from(admin, current):
    answer = sign_in(Client(), admin).get(reverse("toolkit_file", args=[current.pk]))
    assert 'filename="toolkit-version-1.json"' in answer["Content-Disposition"]
    assert json.loads(answer.content) == FILE
