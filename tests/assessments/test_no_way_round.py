"""Whatever is proposed, decided, agreed and corrected, in whatever order and by whomever: no child under 13 or with
SEND is low without the agreement of a Child Protection Manager who knew what protects them (BR-01).

The rule is written here a second time, by hand; nothing of `offer.low_tier` is asked.
"""

from contextlib import suppress
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, sampled_from

from access.permissions import NotAllowed
from access.principal import acting_as
from access.refusals import Refused
from accounts.roles import Role
from assessments.decisions.services import answer_low, decide_tier, send_back
from assessments.models import (
    Answer,
    Assessment,
    CarerView,
    ConsideredType,
    CPMAgreement,
    CPMMatter,
    EffectiveTier,
    ProtectiveFactor,
    TierDecision,
    TierProposal,
)
from assessments.services import authorise_supporting, complete_supporting, start_supporting, submit_assessment
from children.models import Child
from children.services import update_child
from cre_case.case_state import state_of_work
from offer.case_states import MOVES, CaseState
from tests.assessments.making import Work, work
from tests.counted import COUNTED
from tests.database import seeding
from tests.factories import MembershipFactory, give, person, team_of

TIERS = ("low", "none", "medium", "high")
AGES = (None, 0, 11, 12, 13, 15, 17)
SEND = ("none", "not_known", "suspected", "recorded")
NAMES = (("cre", "eha"), ("cre", "single_assessment"), ("cre",), ("eha",), ())
PARTS = (Answer, ProtectiveFactor, ConsideredType, CarerView)


def born(age: int | None) -> date | None:
    """A date of birth of somebody who has been so old for a month; of somebody not born, next year."""
    today = timezone.localdate()
    if age is None:
        return None
    return (
        date(today.year + 1, 1, 1)
        if age == 0
        else date(today.year - age - (today.month == 1), today.month - 1 or 12, 1)
    )


def is_under_13(day: date | None) -> bool:
    today = timezone.localdate()
    return day is None or (today.year - day.year) - ((today.month, today.day) < (day.month, day.day)) < 13


def again(made: Assessment, author) -> Assessment:
    """A complete draft like one that was submitted."""
    with seeding():
        parts = [list(part.objects.filter(assessment=made)) for part in PARTS]
        draft = Assessment.objects.get(pk=made.pk)
        draft.pk, draft.state, draft.submitted_at, draft.content_hash, draft.author = None, "draft", None, "", author
        draft.save(force_insert=True)
        for part, rows in zip(PARTS, parts, strict=True):
            for row in rows:
                row.pk, row.assessment, row.author = None, draft, author
            part.objects.bulk_create(rows)
    return draft


class OneFile(RuleBasedStateMachine):
    """One child's file, on which five people do what they may, and try what they may not."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.knew: dict[int, frozenset[str]] = {}  # what protected the child when an agreement was given
        self.state: CaseState | None = None
        self.then: dict[int, frozenset[str]] = {}  # what did when a decision was made, or its assessment submitted

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(age=sampled_from((15, *AGES)), send=sampled_from(("none", *SEND)), low=booleans())
    def a_child(self, age, send, low) -> None:
        self.work: Work = work(born=born(age), send=send)
        case, team = self.work.case, team_of(self.work.worker)
        both = person(Role.SOCIAL_WORKER, team)  # writes and decides: the rules must part what the roles do not
        for role in (Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER):
            MembershipFactory(user=both, team=team, role=role)
        self.people = {"worker": self.work.worker, "manager": self.work.manager, "cpm": self.work.cpm, "both": both}
        give(case, team_of(self.work.cpm))
        first = self.work.propose("low", {"F02": "current"})
        self.first = first.assessment
        self.then[first.assessment_id] = self.protected()
        if low:
            self.decide("manager", "low", newest=True)

    # What is known of the child

    def protected(self) -> frozenset[str]:
        """What protects the child, as recorded today."""
        with seeding():
            child = Child.objects.get(case=self.work.case)
        age = {"age"} if is_under_13(child.date_of_birth) else set()
        return frozenset(age | ({"send"} if child.send_status != "none" else set()))

    def newest(self, model, **about):
        with seeding():
            return model.objects.filter(case=self.work.case, **about).order_by("-pk").first()

    def tries(self, by, do) -> object:
        """Does something as somebody; what is refused in words is no mistake of the program."""
        OneFile.steps += 1
        with suppress(Refused, NotAllowed), acting_as(by.pk), transaction.atomic():
            return do()
        return None

    # What people do

    @rule(who=sampled_from(("worker", "both")), tier=sampled_from(TIERS))
    def propose(self, who, tier) -> None:
        by = self.people[who]
        with seeding():
            busy = Assessment.objects.filter(case=self.work.case, author=by, state="draft").exists()
        if busy:
            return
        draft = again(self.first, by)
        made = self.tries(by, lambda: submit_assessment(
            draft, by=by, version=draft.version, proposed=tier, reason="What we know.", difference_reason="I think so."
        ))  # fmt: skip
        assert made, "a complete assessment was not taken"
        self.then[made.assessment_id] = self.protected()

    @rule(who=sampled_from(("worker", "manager", "cpm", "both")), tier=sampled_from(TIERS), newest=booleans())
    def decide(self, who, tier, newest) -> None:
        by = self.people[who]
        proposal = self.newest(TierProposal, **({} if newest else {"state": "waiting"}))
        if proposal:
            self.tries(by, lambda: decide_tier(
                proposal, by=by, decided=tier, reason="I think so.", override="judgement",
                second_decider=self.people["cpm"],
            ))  # fmt: skip
        for decision in self.every(TierDecision):
            self.then.setdefault(-decision, self.protected())

    @rule()
    def ask_the_author(self) -> None:
        proposal = self.newest(TierProposal, state="waiting")
        if proposal:
            self.tries(self.work.manager, lambda: send_back(proposal, by=self.work.manager, question="What of school?"))

    @rule(
        who=sampled_from(("worker", "manager", "cpm", "both")), names=sampled_from(NAMES), newest=booleans(),
        outcome=sampled_from(("agreed", "agreed", "not_agreed", "more_assessment_needed")),
    )  # fmt: skip
    def answer(self, who, names, newest, outcome) -> None:
        by, matter = self.people[who], self.newest(CPMMatter)
        decision = (
            self.newest(TierDecision) if newest or matter is None else self.newest(TierDecision, pk=matter.decision_id)
        )
        if decision:
            self.tries(by, lambda: answer_low(
                decision, by=by, outcome=outcome, reason="I read it.", names=names, required_tier="high",
                more_needed="School.",
            ))  # fmt: skip
        for agreement in self.every(CPMAgreement):
            self.knew.setdefault(agreement, self.protected())

    @rule(kind=sampled_from(("eha", "single_assessment")), done=booleans())
    def assess_besides(self, kind, done) -> None:
        worker, case = self.work.worker, self.work.case

        def whole() -> None:
            started = start_supporting(case, by=worker, kind=kind, started_at=timezone.now())
            if done:
                made = complete_supporting(
                    started, by=worker, version=started.version, completed_on=timezone.localdate(), summary="Support."
                )
                if kind == "single_assessment":
                    with acting_as(self.work.manager.pk):
                        authorise_supporting(made, by=self.work.manager, version=made.version)

        self.tries(worker, whole)

    @rule(age=sampled_from(AGES), send=sampled_from((*SEND, None)))
    def correct(self, age, send) -> None:
        worker = self.work.worker
        with acting_as(worker.pk):
            child = Child.objects.get(case=self.work.case)
        changes = {"date_of_birth": born(age), **({"send_status": send} if send else {})}
        self.tries(worker, lambda: update_child(child, by=worker, version=child.version, **changes))

    @rule()
    def rename(self) -> None:
        """A correction that changes nothing of what protects the child."""
        worker = self.work.worker
        with acting_as(worker.pk):
            child = Child.objects.get(case=self.work.case)
            before = EffectiveTier.objects.filter(case=self.work.case, until_at=None).first()
        self.tries(worker, lambda: update_child(child, by=worker, version=child.version, known_as="Em"))
        assert before == self.newest(EffectiveTier, until_at=None)

    @rule()
    def turn_13(self) -> None:
        """Time passes. Nothing is told to the program, and nothing changes by itself."""
        OneFile.steps += 1
        with seeding():
            child = Child.objects.get(case=self.work.case)
            if child.date_of_birth and is_under_13(child.date_of_birth):
                Child.objects.filter(pk=child.pk).update(date_of_birth=born(13))

    @rule(who=sampled_from(("worker", "manager", "cpm", "both")), tier=sampled_from(("low", "none")), agreed=booleans())
    def go_round(self, who, tier, agreed) -> None:
        """Straight on the database: the tier in effect ends, and low begins."""
        by, decision = self.people[who], self.newest(TierDecision)
        agreement = self.newest(CPMAgreement) if agreed else None
        cause = "agreement" if agreement else "decision"
        OneFile.steps += 1
        with suppress(DatabaseError), acting_as(by.pk), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE assessments_effectivetier SET until_at = now() WHERE case_id = %s AND until_at IS NULL",
                [self.work.case.pk],
            )
            cursor.execute(
                "INSERT INTO assessments_effectivetier (case_id, tier, provisional, cause, decision_id, agreement_id, "
                "set_by_id, from_at) VALUES (%s, %s, false, %s, %s, %s, %s, now())",
                [self.work.case.pk, tier, cause, decision and decision.pk, agreement and agreement.pk, by.pk],
            )

    def every(self, model) -> list[int]:
        with seeding():
            return list(model.objects.filter(case=self.work.case).values_list("pk", flat=True))

    # What must be so after each of them

    @invariant()
    def no_protected_child_is_low_without_an_agreement(self) -> None:
        tier = self.newest(EffectiveTier, until_at=None) if hasattr(self, "work") else None
        if tier is None or tier.tier not in ("low", "none"):
            return
        assert tier.decision_id, "low rests on no decision"
        with seeding():
            decision = TierDecision.objects.select_related("assessment").get(pk=tier.decision_id)
            answer = CPMAgreement.objects.filter(pk=tier.agreement_id).first()
        at_first = self.then[decision.assessment_id] | self.then.get(-decision.pk, frozenset())
        if not at_first and not self.protected():
            return
        assert answer is not None, f"{tier.tier}, and nobody agreed"
        assert (answer.outcome, answer.decision_id) == ("agreed", decision.pk)
        assert answer.content_hash == decision.assessment.content_hash != ""
        assert answer.decided_by_id not in (decision.decided_by_id, decision.assessment.author_id)
        assert self.protected() <= self.knew[answer.pk], "what protects the child was not known to whoever agreed"

    @invariant()
    def the_case_moves_only_as_it_is_drawn(self) -> None:
        if not hasattr(self, "work"):
            return
        with acting_as(self.work.manager.pk):
            now = state_of_work(self.work.case, self.work.manager)
        assert self.state in (None, now) or now in MOVES[self.state], f"{self.state} became {now}"
        self.state = now


@pytest.mark.parametrize("steps", [200, pytest.param(20_000, marks=[pytest.mark.prove, pytest.mark.full])])
@pytest.mark.django_db
def test_no_protected_child_is_ever_low_without_an_agreement(steps):
    OneFile.steps = 0
    some = settings(
        max_examples=5, stateful_step_count=40, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    while OneFile.steps < steps:
        run_state_machine_as_test(OneFile, settings=some)
    COUNTED["steps over proposals, decisions, agreements and corrections"] += OneFile.steps
