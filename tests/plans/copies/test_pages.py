"""The pages of copies: who sees which, what can be chosen, and the file that is taken away."""

import hashlib

import pytest
from django.urls import reverse

from access.models import DisclosureDecision
from access.parts import Label
from accounts.roles import Role
from plans.copies import services
from plans.copies.services import ask_for_copy
from plans.models import Copy
from tests.children.factories import PersonFactory, holding
from tests.database import seeding
from tests.factories import give, person, team_of
from tests.plans.copies.world import DECISION, canary, reread

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 a copy"
SHEET = {
    "title": "t",
    "heading": "Maya",
    "caption": "",
    "mark": "m",
    "footer": "f",
    "facts": [],
    "sections": [],
    "large": 0,
}


def ask(file, **about):
    facts = {**DECISION, "kind": "family", "safe_to_tell_family": True, **about}
    return ask_for_copy(file.case, by=file.worker, **facts)


def made(file, **about):
    copy = ask(file, **about)
    taken = services.take_up_copy(copy.pk)
    return services.keep_copy(copy, by=file.worker, this_try=taken.this_try, content=SHEET, pdf=PDF)


@pytest.fixture
def client(client_for, worker):
    return client_for(worker)


def test_the_list_says_for_whom_why_and_how_each_stands(client, file, case):
    made(file, recipient_person=file.mother)
    page = client.get(reverse("copies", args=[case.pk])).content.decode()
    for words in ("Copy 1", "Esi Tansley (mother)", "Ready", "J. Okafor", "Keeping the child safe", "Download copy 1"):
        assert words in page
    assert "Make a copy" in page


def test_a_list_asks_the_same_few_questions_whatever_is_in_it(client, file, case):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(reverse("copies", args=[case.pk]))
    counts = []
    for _ in range(2):
        made(file)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("copies", args=[case.pk]))
        counts.append(len(seen))
        made(file)
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize("name", ["choose_copy", "copy_for_child", "copy_for_professional"])
def test_no_page_asks_too_many_questions(client, file, case, police, django_assert_max_num_queries, name):
    for number in range(3):
        PersonFactory(case=case, name=f"Aunt {number}")
    with django_assert_max_num_queries(32):
        assert client.get(reverse(name, args=[case.pk])).status_code == 200


def test_who_may_not_have_one_is_shown_with_the_reason_and_no_link(client, file, case):
    page = client.get(reverse("choose_copy", args=[case.pk])).content.decode()
    assert reverse("copy_for_person", args=[case.pk, file.mother.pk]) in page
    assert reverse("copy_for_person", args=[case.pk, file.father.pk]) not in page
    assert "No copy: Considered complicit" in page


def test_the_form_of_an_excluded_person_shows_why_not_and_does_nothing(client, file, case):
    address = reverse("copy_for_person", args=[case.pk, file.father.pk])
    page = client.get(address).content.decode()
    assert "No copy of the plan may be made for this person" in page
    assert "What this copy will hold" not in page
    answer = client.post(address, {**DECISION, "safe_to_tell_family": "on"})
    assert answer.status_code == 200
    assert "No copy of the plan may be made" in answer.content.decode()
    with seeding():
        assert not Copy.objects.exists()


def test_the_preview_is_what_the_recipient_will_get(client, file, case, police):
    page = client.get(reverse("copy_for_team", args=[case.pk, police.pk])).content.decode()
    assert canary("partner action") in page
    assert canary("measure") not in page
    child = client.get(reverse("copy_for_child", args=[case.pk])).content.decode()
    assert canary("safety child_words") in child
    assert canary("risk what") not in child


def test_a_copy_is_made_in_four_clicks_and_once(client, file, case, police):
    address = reverse("copy_for_team", args=[case.pk, police.pk])
    typed = {**DECISION, "recipient_name": "PC Lane", "once": "00000000-0000-4000-8000-000000000001"}
    for _ in range(2):
        answer = client.post(address, typed)
        assert (answer.status_code, answer["Location"]) == (302, reverse("copies", args=[case.pk]))
    with seeding():
        (copy,) = Copy.objects.all()
        assert (copy.kind, copy.recipient_team, copy.recipient_name) == ("partner", police, "PC Lane")
        assert DisclosureDecision.objects.count() == 1


def test_what_was_typed_is_kept_when_something_is_missing(client, file, case):
    answer = client.post(reverse("copy_for_child", args=[case.pk]), {**DECISION, "necessity": "So that she has it"})
    page = answer.content.decode()
    assert "So that she has it" in page
    assert "It is safe for them to be told" in page
    with seeding():
        assert not Copy.objects.exists()


def test_only_ticked_actions_are_named(client, file, case):
    typed = {**DECISION, "safe_to_tell_family": "on", "items": [str(file.items["own"].pk)]}
    assert client.post(reverse("copy_for_child", args=[case.pk]), typed).status_code == 302
    with seeding():
        assert Copy.objects.get().items == [file.items["own"].pk]


def test_the_file_taken_away_has_a_neutral_name_is_never_kept_and_leaves_one_line(client, file, case):
    copy = made(file)
    answer = client.post(reverse("download_copy", args=[case.pk, copy.pk]))
    assert (answer.status_code, answer.content) == (200, PDF)
    assert hashlib.sha256(answer.content).hexdigest() == reread(copy).sha256
    assert answer["Content-Disposition"] == 'attachment; filename="copy-1.pdf"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer["X-Content-Type-Options"] == "nosniff"
    from tests.database import rows

    lines = rows("SELECT record FROM access_auditevent WHERE kind = 'read' AND case_id = %s", case.pk)
    assert lines == [("DownloadCopy",)]


def test_what_is_not_made_cannot_be_taken_away(client, file, case):
    copy = ask(file)
    assert client.post(reverse("download_copy", args=[case.pk, copy.pk])).status_code == 404
    assert client.get(reverse("download_copy", args=[case.pk, copy.pk])).status_code == 405


def test_the_page_to_print_says_what_was_given_word_for_word(client, file, case):
    copy = made(file)
    page = client.get(reverse("print_copy", args=[case.pk, copy.pk])).content.decode()
    assert "Maya" in page
    assert canary("safety child_words") not in page  # what was kept of it, not what the plan says today


def test_while_there_is_no_pdf_the_page_can_be_printed(client, file, case):
    copy = ask(file)
    page = client.get(reverse("print_copy", args=[case.pk, copy.pk])).content.decode()
    assert canary("safety child_words") in page
    assert file.case.reference not in page.split("<main", 1)[1]
    assert "app-identity" not in page


def test_a_copy_that_was_refused_cannot_be_printed_either(client, file, case):
    copy = ask(file)
    with seeding():
        Copy.objects.filter(pk=copy.pk).update(state="failed", problem="It may not be.")
    page = client.get(reverse("print_copy", args=[case.pk, copy.pk])).content.decode()
    assert "It may not be." in page
    assert canary("safety child_words") not in page


def test_a_partner_opens_copies_made_for_its_agency_and_no_others(client_for, file, case, police, officer):
    theirs = made(file, kind="partner", recipient_team=police, recipient_name="PC Lane")
    others = made(file)
    client = client_for(officer)
    page = client.get(reverse("copies", args=[case.pk])).content.decode()
    assert "Copy 1" in page
    assert "Copy 2" not in page
    assert client.post(reverse("download_copy", args=[case.pk, theirs.pk])).content == PDF
    assert client.get(reverse("print_copy", args=[case.pk, theirs.pk])).status_code == 200
    assert client.post(reverse("download_copy", args=[case.pk, others.pk])).status_code == 404
    assert client.get(reverse("print_copy", args=[case.pk, others.pk])).status_code == 404


def test_another_partner_opens_none(client_for, file, case, police):
    copy = made(file, kind="partner", recipient_team=police, recipient_name="PC Lane")
    nurse = person(Role.HEALTH_PRACTITIONER)
    give(case, team_of(nurse), {Label.PLAN})
    assert client_for(nurse).post(reverse("download_copy", args=[case.pk, copy.pk])).status_code == 404


def test_an_auditor_reads_but_makes_none(client_for, file, case):
    made(file)
    client = client_for(holding(case, Role.AUDITOR))
    page = client.get(reverse("copies", args=[case.pk])).content.decode()
    assert "Copy 1" in page
    assert "Make a copy" not in page
    assert client.get(reverse("choose_copy", args=[case.pk])).status_code == 403


def test_a_warning_is_given_where_an_excluded_adult_could_see_it(client, file, case):
    with seeding():
        type(file.father).objects.filter(pk=file.father.pk).update(lives_with_child="yes")
    page = client.get(reverse("copy_for_child", args=[case.pk])).content.decode()
    assert "Dale Zqfather may have no copy, and could see this one" in page
