"""What is due, on pages: for a person, a team and a file; the inbox; and why a limit was missed."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.models import Notice
from accounts.roles import Role
from deadlines.models import Breach, Deadline
from deadlines.presenters import by_whose_rule, due_marker, who_does_it
from deadlines.selectors import due_for, due_of_team, next_due_of
from deadlines.services import record_breach
from tests.cre_case.makers import council_team, led_child, manager, queries, social_worker, text
from tests.database import rows, seeding
from tests.deadlines.making import due_clock
from tests.factories import UserFactory, exclude, give, person, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return council_team()


@pytest.fixture
def worker(team):
    return social_worker(team, name="Jo Okafor")


@pytest.fixture
def head(team, worker):
    return manager(team, name="Sam Lead")


@pytest.fixture
def child(worker):
    return led_child(worker, "Ada")


NOW = timezone.now().replace(hour=12)


@pytest.mark.parametrize(
    ("days", "by_day", "words", "level"),
    [
        (-4, True, "4 days overdue", "overdue"),
        (0, True, "due today", "soon"),
        (2, True, "2 days left", "soon"),
        (9, True, "9 days left", "later"),
        (-4, False, "4 days overdue", "overdue"),
    ],
)
def test_how_late_or_how_soon_is_said_in_words(days, by_day, words, level):
    limit = NOW + timedelta(days=days)
    end_of_day = limit.replace(hour=23, minute=59)
    clock = Deadline(limit_at=end_of_day if by_day else limit, limit_on=timezone.localdate(limit) if by_day else None)
    marker = due_marker(clock, NOW)
    assert (marker["words"], marker["level"]) == (words, level)


@pytest.mark.parametrize(
    ("rule_id", "words"),
    [
        ("TS-12", "Statute: Care Planning"),
        ("TS-03", "Statutory guidance: Working Together"),
        ("TS-02", "Local procedure: Derby"),
        ("TG-CPM", "Local target, not law (TG-CPM)"),
    ],
)
def test_a_local_target_is_never_shown_as_law(rule_id, words):
    assert words in by_whose_rule(Deadline(rule_id=rule_id, binding=True))


def test_mine_are_my_own_clocks_and_those_of_my_files_that_are_nobody_elses(child, worker, team):
    other = social_worker(team)
    mine = due_clock(child.case)
    due_clock(child.case, rule_id="TS-01", owner=other)
    others = led_child(other, "Ben")
    owned = due_clock(others.case, rule_id="TS-01", owner=worker)
    due_clock(others.case, rule_id="TS-03")
    with acting_as(worker.pk):
        assert set(due_for(worker)) == {mine, owned}
        assert len(due_of_team(worker)) == 4


def test_mine_is_what_my_role_has_to_do_and_not_what_waits_for_others(child, worker, team):
    head, answers = manager(team), person(Role.CHILD_PROTECTION_MANAGER)
    give(child.case, team_of(answers), source="oversight", until=None)
    to_do = {rule: due_clock(child.case, rule_id=rule) for rule in ("RV-LOW", "TG-MANAGER", "TG-CPM")}
    for somebody, rule in ((worker, "RV-LOW"), (head, "TG-MANAGER"), (answers, "TG-CPM")):
        with acting_as(somebody.pk):
            assert list(due_for(somebody)) == [to_do[rule]]


def test_whose_it_is_to_do_is_said_in_words(worker):
    said = [who_does_it(Deadline(rule_id=rule)) for rule in ("TG-MANAGER", "TG-CPM", "RV-LOW")]
    assert said == ["The team manager", "A Child Protection Manager", "The allocated social worker"]
    assert who_does_it(Deadline(rule_id="TG-CPM", owner=worker)) == worker.name


def test_nothing_of_a_file_that_is_closed_to_me(child, worker):
    due_clock(child.case, owner=worker)
    exclude(child.case, worker)
    with acting_as(worker.pk):
        assert list(due_for(worker)) == list(due_of_team(worker)) == []


def test_the_first_of_each_of_many_files_in_one_query(child, worker, django_assert_num_queries):
    second = led_child(worker, "Ben")
    due_clock(child.case, rule_id="TS-03", days=9)
    first = due_clock(child.case, rule_id="TS-01", days=1)
    other = due_clock(second.case, days=5)
    with acting_as(worker.pk):
        worker.__dict__.pop("_standing", None)
        found = next_due_of([child.case.pk, second.case.pk], worker)
    assert found == {child.case.pk: first, second.case.pk: other}


def test_the_page_of_what_is_due_and_its_filters(client_for, child, worker):
    due_clock(child.case, rule_id="TS-03", days=-4)
    due_clock(child.case, rule_id="RV-LOW", days=5)
    due_clock(child.case, rule_id="MR-02", days=30)
    client = client_for(worker)
    shown = text(client.get("/due/"))
    for words in ("Ada Thorne", "Single Assessment complete", "4 days overdue", "Review at Low", "not law"):
        assert words in shown
    assert "Review at Low" not in text(client.get("/due/?due=overdue"))
    week = text(client.get("/due/?due=7"))
    assert ("Review at Low" in week, "National Referral Mechanism" in week) == (True, False)
    reviews = text(client.get("/due/?kind=RV-"))
    assert ("Review at Low" in reviews, "Single Assessment complete" in reviews) == (True, False)
    assert client.get("/due/?tab=x&due=x&kind=x&page=x").status_code == 200


def test_a_manager_starts_with_the_team(client_for, child, head):
    due_clock(child.case)
    assert "Ada Thorne" in text(client_for(head).get("/due/"))
    assert "Nothing is due here." in text(client_for(head).get("/due/?tab=mine"))


def test_the_list_names_its_files_in_the_ledger(client_for, child, worker):
    due_clock(child.case)
    client_for(worker).get("/due/")
    assert rows("SELECT case_ids FROM access_auditevent WHERE action = 'view_deadlines'") == [([child.case.pk],)]


def test_one_clock_and_three_take_the_same_queries(client_for, child, worker):
    client, page = client_for(worker), reverse("case_due", args=[child.case.pk])
    due_clock(child.case)
    first = queries(client, "/due/"), queries(client, page)
    for name, rule_id in (("Ben", "TS-01"), ("Cleo", "TS-06")):
        due_clock(led_child(worker, name).case)
        due_clock(child.case, rule_id=rule_id, owner=worker)
    assert (queries(client, "/due/"), queries(client, page)) == first
    assert max(first) <= 15


def test_the_page_of_a_file(client_for, child, worker, head):
    missed = due_clock(child.case, days=-4)
    with seeding():
        ended = due_clock(child.case, rule_id="TG-TAF", days=3)
        Deadline.objects.filter(pk=ended.pk).update(
            state="ended", ended_at=timezone.now(), ended_by=worker, end_reason="Tier changed", next_step="",
            next_step_at=None,
        )  # fmt: skip
    page = reverse("case_due", args=[child.case.pk])
    explain = reverse("record_breach", args=[child.case.pk, missed.pk])
    shown = text(client_for(worker).get(page))
    for words in (
        "4 days overdue",
        "Working Together",
        "No longer needed: Tier changed",
        "The allocated social worker",
    ):
        assert words in shown
    assert explain not in shown
    client = client_for(head)
    assert explain in text(client.get(page))
    client.post(explain, {"reason": "The family was abroad."})
    after = text(client.get(page))
    assert ("The family was abroad." in after, "Sam Lead" in after, explain in after) == (True, True, False)


def test_a_manager_says_once_why_a_limit_was_missed(child, worker, head):
    missed = due_clock(child.case, days=-4)
    with pytest.raises(NotAllowed):
        record_breach(missed, by=worker, reason="Busy")
    with pytest.raises(Refused, match="Say why"):
        record_breach(missed, by=head, reason="  ")
    assert record_breach(missed, by=head, reason="Abroad").approved_by == head
    with pytest.raises(Refused, match="already"):
        record_breach(missed, by=head, reason="Again")


def test_what_was_not_missed_needs_no_reason(child, head):
    with pytest.raises(Refused, match="was not missed"):
        record_breach(due_clock(child.case, days=4), by=head, reason="Why not")


def test_a_breach_is_kept_and_is_nobody_elses_word(child, worker, head):
    missed = due_clock(child.case, days=-4)
    record_breach(missed, by=head, reason="Abroad")
    for statement in ("UPDATE deadlines_breach SET reason = 'x'", "DELETE FROM deadlines_breach"):
        with acting_as(head.pk), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    late = due_clock(child.case, rule_id="TS-01", days=-4)
    for writer, name in ((worker, worker), (head, worker)):
        with acting_as(writer.pk), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Breach.objects.create(case=child.case, deadline=late, reason="x", approved_by=name)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"limit_at": timezone.now() + timedelta(days=90)}, "permission denied"),
        ({"owner": None}, "permission denied"),
        ({"next_step": "", "next_step_at": None}, "row-level security"),  # silencing a clock that runs
    ],
)
def test_no_limit_is_moved_and_no_clock_silenced_by_hand(child, worker, changes, words):
    clock = due_clock(child.case)
    with acting_as(worker.pk), pytest.raises(ProgrammingError, match=words), transaction.atomic():
        Deadline.objects.filter(pk=clock.pk).update(**changes)


def notice(user, **about) -> Notice:
    with seeding():
        return Notice.objects.create(
            recipient=user, kind="due", reference=about.pop("reference", "CRE-000042"), path="/cases/1/due/",
            mail="digest", **about,
        )  # fmt: skip


def test_the_inbox_shows_ones_own_alone_and_the_header_counts_them(client_for, worker):
    one = notice(worker)
    notice(worker, reference="CRE-000043")
    notice(UserFactory(), reference="CRE-000099")
    client = client_for(worker)
    shown = text(client.get("/notices/"))
    assert ("CRE-000042" in shown, "CRE-000043" in shown, "CRE-000099" in shown) == (True, True, False)
    assert 'Notices <span class="app-count">2</span>' in shown
    assert client.post("/notices/", {"notice": one.pk}).status_code == 302
    assert 'Notices <span class="app-count">1</span>' in text(client.get("/notices/"))
    client.post("/notices/", {"notice": "all"})
    assert "app-count" not in text(client.get("/notices/"))


@pytest.mark.parametrize("wanted", ["", "x", "²", "9" * 30])
def test_nonsense_and_another_persons_notice_change_nothing(client_for, worker, wanted):
    theirs = notice(UserFactory())
    client = client_for(worker)
    for value in (wanted, theirs.pk, "all"):
        client.post("/notices/", {"notice": value})
    assert rows("SELECT read_at FROM accounts_notice") == [(None,)]


def test_the_second_wall_shows_nobody_anothers_notices(worker):
    notice(worker)
    with acting_as(person(Role.AUDITOR).pk), transaction.atomic():
        assert Notice.objects.count() == 0
        assert Notice.objects.update(read_at=timezone.now()) == 0
    with transaction.atomic():
        assert Notice.objects.count() == 0
    assert team_of(worker)
