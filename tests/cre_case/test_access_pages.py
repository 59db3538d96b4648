"""Who can see a file, sharing it, closing it to a person, who has looked, and stating a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access import ledger
from access.models import AuditEvent
from access.parts import Label
from access.roles import CASE_ACTIONS, Action, Level
from accounts.roles import Role
from cre_case.presenters import DID
from tests.cre_case.makers import contact, council_team, led_child, lines, manager, queries, social_worker, text
from tests.database import rows
from tests.factories import city_wide_team, exclude, give, person, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return social_worker(name="Jo Okafor")


@pytest.fixture
def child(worker):
    return led_child(worker)


@pytest.fixture
def boss(worker):
    return manager(team_of(worker), name="Bo Boss")


@pytest.fixture
def officer():
    return person(Role.POLICE_OFFICER, name="PC Lane")


def wanted(with_team, **changed):
    """A share as somebody types it."""
    until = timezone.localdate() + timedelta(days=30)
    return {
        "team": str(with_team.pk), "labels": ["network"], "level": "1", "purpose": "Keeping the child safe now",
        "lawful_basis": "public_task", "agreement": "not_asked", "reason": "They look for her tonight",
        "until_day": str(until.day), "until_month": str(until.month), "until_year": str(until.year), **changed,
    }  # fmt: skip


def address(child, rest: str) -> str:
    return f"/cases/{child.case_id}/{rest}"


# Who can see


def test_every_grant_is_there_in_words(client_for, worker, child, officer):
    give(child.case, team_of(officer), [Label.CORE, Label.NETWORK], level=Level.VIEW)
    city_wide_team(Level.VIEW)
    give(child.case, council_team(name="Was Before"), since=timedelta(days=9), until=timedelta(days=-1))
    shown = text(client_for(worker).get(address(child, "access/")))
    now, before = shown.split("Could see it before", 1)
    for words in ("Jo Okafor", "Derbyshire Constabulary", "Look: name, age and who leads, family and connected people",
                  "Direct work: Works with the child", "Can open every file, for a reason"):  # fmt: skip
        assert words in now, words
    assert "Was Before" in before
    assert "Was Before" not in now.split("Can open every file")[0]


def test_closed_to_is_for_who_may_close_alone(client_for, worker, boss, child):
    exclude(child.case, social_worker(name="Rela Tive"))
    assert "Rela Tive" in text(client_for(boss).get(address(child, "access/")))
    shown = text(client_for(worker).get(address(child, "access/")))
    assert "Rela Tive" not in shown
    assert "Only a team manager can close this file to a person." in shown


def test_partners_do_not_see_who_else_sees(client_for, child, officer):
    give(child.case, team_of(officer), [Label.CORE, Label.NETWORK])
    assert client_for(officer).get(address(child, "access/")).status_code == 403


def test_who_sees_one_part_is_asked_from_each_page(client_for, worker, child, officer):
    give(child.case, team_of(officer), [Label.CORE, Label.NETWORK], level=Level.VIEW)
    client = client_for(worker)
    assert address(child, "access/?part=network") in text(client.get(address(child, "people/")))
    assert address(child, "access/?part=casework") in text(client.get(address(child, "notes/")))
    network = text(client.get(address(child, "access/?part=network")))
    assert "Derbyshire Constabulary" in network
    assert "Those who can see this part of it" in network
    casework = text(client.get(address(child, "access/?part=casework")))
    assert "Jo Okafor" in casework
    assert "Derbyshire Constabulary" not in casework
    assert "Derbyshire Constabulary" in text(client.get(address(child, "access/?part=nonsense")))


def test_everybody_reads_why_they_see_a_file_and_nothing_of_others(client_for, worker, child, officer):
    police = client_for(officer)
    assert police.get(address(child, "why/")).status_code == 404
    client_for(worker).post(address(child, "share/"), wanted(team_of(officer)))
    assert address(child, "why/") in text(police.get(address(child, "notes/")))
    shown = text(police.get(address(child, "why/")))
    for words in ("Shared with your team", "by Jo Okafor", "Keeping the child safe now",
                  "Look: name, age and who leads, family and connected people"):  # fmt: skip
        assert words in shown, words
    for words in ("They look for her tonight", "allocated social worker", "Who can see"):
        assert words not in shown, words
    own = text(client_for(worker).get(address(child, "why/")))
    assert "You are the allocated social worker" in own
    assert "Shared with your team" not in own


def test_who_may_open_every_file_reads_the_reason_they_gave(client_for, child):
    auditor = person(Role.AUDITOR, city_wide_team(Level.VIEW, name="Quality assurance"))
    client = client_for(auditor)
    client.post(address(child, "reason/"), {"reason": "A complaint about how this was handled"})
    shown = text(client.get(address(child, "why/")))
    assert "City-wide access, with a reason" in shown
    assert "Your team can open every file, for a reason" in shown
    assert "Quality assurance" in shown


# Sharing


def test_a_share_opens_what_it_names_until_it_is_ended(client_for, worker, child, officer):
    police, client = client_for(officer), client_for(worker)
    assert police.get(address(child, "")).status_code == 404
    sent = client.post(address(child, "share/"), wanted(team_of(officer)), follow=True)
    assert sent.redirect_chain == [(address(child, "access/"), 302)]
    assert f"Shared with {team_of(officer)}." in text(sent)
    assert police.get(address(child, "")).status_code == 200
    assert police.get(address(child, "details/")).status_code == 403
    grant = rows("SELECT id FROM access_caseaccess WHERE source = 'share' AND case_id = %s", child.case_id)[0][0]
    assert "will no longer see this file" in text(client.get(address(child, f"access/{grant}/end/")))
    assert police.get(address(child, "")).status_code == 200, "a link followed ends nothing"
    ended = client.post(address(child, f"access/{grant}/end/"))
    assert ended.status_code == 302
    assert police.get(address(child, "")).status_code == 404
    assert client.get(address(child, f"access/{grant}/end/")).status_code == 404
    kept = rows("SELECT purpose, reason, labels, level FROM access_caseaccess WHERE id = %s", grant)
    assert kept == [("Keeping the child safe now", "They look for her tonight", ["core", "network"], 1)]


def test_a_share_ends_at_the_end_of_its_day(client_for, worker, child, officer):
    today = timezone.localdate()
    day = {"until_day": str(today.day), "until_month": str(today.month), "until_year": str(today.year)}
    client_for(worker).post(address(child, "share/"), wanted(team_of(officer), **day))
    until = rows("SELECT valid_until FROM access_caseaccess WHERE source = 'share'")[0][0]
    local = timezone.localtime(until)
    assert (local.date(), local.hour, local.minute) == (today, 23, 59)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"team": ""}, "Select a team"), ({"team": "999999"}, "Select team from the list"),
     ({"labels": ["casework"]}, "may not be given: contacts, notes, assessments and meetings"),
     ({"labels": ["police"]}, "Select parts of the file from the list"), ({"level": "9"}, "from the list"),
     ({"purpose": "Curiosity"}, "from the list"), ({"reason": ""}, "Say why this is necessary"),
     ({"until_year": "2031"}, "within a year"), ({"until_year": "2020"}, "within a year"),
     ({"until_day": "31", "until_month": "2"}, "real date")],
)  # fmt: skip
def test_a_share_that_makes_no_sense_is_a_sentence(client_for, worker, child, officer, changed, sentence):
    sent = client_for(worker).post(address(child, "share/"), wanted(team_of(officer), **changed))
    assert sent.status_code == 200
    assert sentence in text(sent)
    assert rows("SELECT count(*) FROM access_caseaccess WHERE source = 'share'") == [(0,)]
    if "reason" not in changed:
        assert "They look for her tonight" in text(sent)


def test_only_parts_that_one_holds_are_offered(client_for, child):
    colleague = social_worker()
    give(child.case, colleague, [Label.CORE, Label.CASEWORK, Label.NETWORK])
    shown = text(client_for(colleague).get(address(child, "share/")))
    assert "Family and connected people" in shown
    assert "Court and legal advice" not in shown


def test_teams_with_standing_access_are_not_offered(client_for, worker, child):
    team = city_wide_team(Level.VIEW)
    assert f'<option value="{team.pk}"' not in text(client_for(worker).get(address(child, "share/")))


def test_an_allocation_is_not_ended_as_a_share(client_for, worker, child):
    grant = rows("SELECT id FROM access_caseaccess WHERE source = 'allocation'")[0][0]
    client = client_for(worker)
    assert client.get(address(child, f"access/{grant}/end/")).status_code == 404
    assert client.post(address(child, f"access/{grant}/end/")).status_code == 404


def test_a_share_of_another_file_is_not_ended_from_here(client_for, worker, child, officer):
    other = led_child(social_worker())
    grant = give(other.case, team_of(officer))
    assert client_for(worker).post(address(child, f"access/{grant.pk}/end/")).status_code == 404
    assert rows("SELECT ended_by_id FROM access_caseaccess WHERE id = %s", grant.pk) == [(None,)]


# What was not shared


def test_what_was_not_shared_is_recorded_with_its_reason(client_for, worker, child):
    client, typed = client_for(worker), {"recipient": "A journalist", "asked_for": "Her name"}
    incomplete = client.post(address(child, "not-shared/"), typed)
    assert "Select why it is not shared" in text(incomplete)
    assert "A journalist" in text(incomplete)
    whole = {**typed, "ground": "It would not be safe", "reason": "They print names"}
    shown = text(client.post(address(child, "not-shared/"), whole, follow=True))
    assert "Not shared: Her name" in shown
    assert "It would not be safe. They print names" in shown


def test_a_share_stands_among_the_decisions(client_for, worker, child, officer):
    client_for(worker).post(address(child, "share/"), wanted(team_of(officer)))
    shown = text(client_for(worker).get(address(child, "access/")))
    assert "Access to the file: name, age and who leads, family and connected people" in shown


# Knowing the family


def test_saying_that_one_knows_the_family_closes_the_file_and_leads_away_from_it(client_for, worker, child):
    colleague = social_worker(team_of(worker), name="Rela Tive")
    client = client_for(colleague)
    assert "How you know the child or family" in text(client.get(address(child, "conflict/")))
    sent = client.post(address(child, "conflict/"), {"reason": "Her aunt"}, follow=True)
    assert sent.redirect_chain == [("/children/", 302)]
    assert "The file is closed to you now." in text(sent)
    assert client.get(address(child, "")).status_code == 404


def test_who_leads_is_told_what_to_do_and_nothing_typed_is_lost(client_for, worker, child):
    sent = text(client_for(worker).post(address(child, "conflict/"), {"reason": "Her aunt"}))
    assert "Tell your manager now" in sent
    assert "Her aunt" in sent


# Closing to a person


@pytest.mark.parametrize("called", ["username", "name"])
def test_a_file_is_closed_to_a_person_and_opened_again(client_for, boss, worker, child, called):
    colleague = social_worker(team_of(worker), name="Rela Tive")
    client, theirs = client_for(boss), client_for(colleague)
    assert theirs.get(address(child, "")).status_code == 200
    typed = {"person": getattr(colleague, called).upper(), "reason": "Her aunt"}
    sent = client.post(address(child, "exclude/"), typed, follow=True)
    assert "This file is closed to Rela Tive." in text(sent)
    assert theirs.get(address(child, "")).status_code == 404
    assert "Maya" not in text(theirs.get("/children/?tab=all"))
    exclusion = rows("SELECT id FROM access_conflictexclusion")[0][0]
    client.post(address(child, f"exclusions/{exclusion}/end/"))
    assert theirs.get(address(child, "")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Enter the name or sign-in name"), ("Nobody Here", "Nobody with an account has this name"),
     ("Twin", "Several people have this name")],
)  # fmt: skip
def test_who_is_meant_must_be_plain(client_for, boss, child, typed, sentence):
    for _ in range(2):
        social_worker(name="Twin")
    sent = client_for(boss).post(address(child, "exclude/"), {"person": typed, "reason": "Kept words"})
    assert sentence in text(sent)
    assert "Kept words" in text(sent)
    assert rows("SELECT count(*) FROM access_conflictexclusion") == [(0,)]


def test_nobody_closes_a_file_to_themselves(client_for, boss, child):
    sent = client_for(boss).post(address(child, "exclude/"), {"person": boss.username, "reason": "My niece"})
    assert "Ask another manager to close this file to you" in text(sent)


def test_only_a_manager_closes_a_file(client_for, worker, child):
    assert client_for(worker).get(address(child, "exclude/")).status_code == 403
    exclusion = exclude(child.case, social_worker())
    assert client_for(worker).post(address(child, f"exclusions/{exclusion.pk}/end/")).status_code == 403


# Who has looked


def test_reads_lists_and_refusals_are_there_newest_first(client_for, worker, boss, child, officer):
    client_for(worker).get("/children/")
    client_for(worker).get(address(child, ""))
    give(child.case, team_of(officer), [Label.CORE])
    client_for(officer).get(address(child, "access/"))
    shown = text(client_for(boss).get(address(child, "looked/")))
    saw, opened = shown.index("Saw a list or search of children"), shown.index("Looked at the overview")
    assert opened < saw
    for words in ("Jo Okafor", "Derby City Council"):
        assert words in shown


def test_the_words_for_every_action_on_a_file():
    assert [action for action in CASE_ACTIONS if not DID.get(action, ("", ""))[0]] == []


def test_the_lines_are_paged_and_a_page_costs_the_same(client_for, worker, boss, child):
    client, looker = client_for(boss), client_for(worker)
    costs = {queries(client, address(child, "looked/"))}
    for _ in range(60):
        looker.get(address(child, ""))
    costs.add(queries(client, address(child, "looked/")))
    assert len(costs) == 1
    first = client.get(address(child, "looked/"))
    assert text(first).count("<tr") == 51
    assert "page=2" in text(first)
    assert 'rel="next"' not in text(client.get(address(child, "looked/?page=2")))
    assert client.get(address(child, "looked/?page=999")).status_code == 200


def test_partners_do_not_see_who_has_looked(client_for, child, officer):
    give(child.case, team_of(officer), [Label.CORE])
    assert client_for(officer).get(address(child, "looked/")).status_code == 403


# Standing access, with a reason


@pytest.fixture
def auditor():
    return person(Role.AUDITOR, city_wide_team(Level.VIEW), name="Au Ditor")


def test_a_reason_opens_the_page_that_was_wanted(client_for, auditor, child, boss):
    client = client_for(auditor)
    asked = client.get(address(child, "access/"))
    assert (asked.status_code, asked.url) == (302, f"{address(child, 'reason/')}?next={address(child, 'access/')}")
    form = text(client.get(asked.url))
    assert child.case.reference in form
    assert "Maya" not in form
    sent = client.post(asked.url, {"reason": "Part of the November audit sample"})
    assert (sent.status_code, sent.url) == (302, address(child, "access/"))
    assert client.get(address(child, "access/")).status_code == 200
    shown = text(client_for(boss).get(address(child, "access/")))
    assert "Part of the November audit sample" in shown
    assert "Au Ditor" in shown
    assert lines(action="state_reason")[0][:3] == ("write", "state_reason", child.case_id)


def test_a_reason_opens_one_file(client_for, auditor, child):
    other = led_child(social_worker())
    client = client_for(auditor)
    client.post(address(child, "reason/"), {"reason": "Part of the November audit sample"})
    assert client.get(address(child, "")).status_code == 200
    assert client.get(address(other, "")).status_code == 302


@pytest.mark.parametrize("reason", ["", "   ", "because", "x" * 501])
def test_a_reason_is_a_sentence(client_for, auditor, child, reason):
    client = client_for(auditor)
    sent = client.post(address(child, "reason/"), {"reason": reason})
    assert sent.status_code == 200
    assert "There is a problem" in text(sent)
    assert client.get(address(child, "")).status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org/", "//example.org/", "/", "/search/", "/cases/00000000-0000-4000-8000-000000000000/",
     "/\\example.org", "javascript:alert(1)", "/cases/../accounts/", "", "/nowhere/"],
)  # fmt: skip
def test_the_way_back_is_a_page_of_this_file(client_for, auditor, child, elsewhere):
    sent = client_for(auditor).post(
        f"{address(child, 'reason/')}?next={elsewhere}", {"reason": "Part of the November audit sample"}
    )
    assert (sent.status_code, sent.url) == (302, address(child, ""))


def test_for_everybody_else_there_is_no_such_page(client_for, worker, boss, child, officer):
    absent = "00000000-0000-4000-8000-000000000000"
    without_team = person(Role.AUDITOR, council_team())
    for somebody in (worker, boss, officer, without_team, person(Role.SYSTEM_ADMIN)):
        client = client_for(somebody)
        hidden, missing = client.get(address(child, "reason/")), client.get(f"/cases/{absent}/reason/")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.content == missing.content
        assert client.post(address(child, "reason/"), {"reason": "I would like to see it"}).status_code == 404


def test_standing_access_does_not_open_a_file_closed_to_the_person(client_for, auditor, child):
    exclude(child.case, auditor)
    assert client_for(auditor).get(address(child, "")).status_code == 404
    assert client_for(auditor).get(address(child, "reason/")).status_code == 404


def test_a_reason_that_cannot_be_recorded_opens_nothing(client_for, auditor, child, monkeypatch):
    client = client_for(auditor)
    client.get("/children/")
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "_INSERT", "INSERT INTO no_such_ledger VALUES (%s)")
        assert client.post(address(child, "reason/"), {"reason": "Part of the audit sample"}).status_code == 503
    assert client.get(address(child, "")).status_code == 302


def test_pages_of_a_file_with_only_a_contact_open_too(client_for, boss, worker):
    from tests.factories import CaseFileFactory

    case = CaseFileFactory()
    give(case, team_of(worker), source="team", until=None)
    contact(case, "accepted")
    for rest in ("", "access/", "looked/", "share/", "allocate/", "exclude/"):
        assert client_for(boss).get(f"/cases/{case.pk}/{rest}").status_code == 200
    assert AuditEvent.Kind.READ in {kind for kind, *_ in lines(case_id=case.pk)}
    assert Action.VIEW_FILE in {action for _, action, *_ in lines(case_id=case.pk)}
