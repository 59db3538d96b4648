"""People, a child, and an assessment that is written, submitted and decided through the services."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import time_machine

from access.models import CaseFile
from access.principal import acting_as
from accounts.models import User
from accounts.roles import Role
from assessments import services
from assessments.content import carers_of
from assessments.decisions.services import answer_low, decide_tier
from assessments.known_facts import KNOWN
from assessments.models import Assessment, TierProposal, ToolkitItem
from assessments.services import AnswerGiven, Evidence
from offer.exploitation_types import ExploitationType
from tests.children.factories import ChildFactory
from tests.factories import CaseFileFactory, TeamFactory, agency, give, person

HEARD = Evidence(text="Seen by her form tutor.", source="school")
NOON, YEARS = 12, 20 * 366 * 86_400


def moment(day: date, hour: int = NOON, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@dataclass
class Work:
    """A child's file with a worker, a manager and a Child Protection Manager who hold it."""

    case: CaseFile
    worker: User
    manager: User
    cpm: User
    people: dict[str, User] = field(default_factory=dict)

    @contextmanager
    def on(self, day: date, hour: int = NOON):
        """As if it were noon of that day. The database's own clock goes on, so the token must outlive it."""
        with patch("access.principal.TOKEN_SECONDS", YEARS), time_machine.travel(moment(day, hour), tick=False):
            yield

    def assess(self, answers=None, *, types=None, by=None, voice="alone", **about) -> Assessment:
        """A complete draft: what is named, everything else NONE."""
        by = by or self.worker
        answers, types = answers or {}, types or {}
        with acting_as(by.pk):
            draft = services.start_assessment(
                self.case, by=by, reason="new_concern", concern_on=date(2020, 1, 1), sources_used="Visit, school"
            )
            draft = services.consider_types(
                draft, by=by, version=draft.version, others_none=True,
                found={kind.name.lower(): (status, "Seen") for kind, status in types.items()},
            )  # fmt: skip
            for code in "ABCDEFGJKVN":
                draft = services.answer_section(
                    draft,
                    by=by,
                    version=draft.version,
                    section=code,
                    rest_none=True,
                    answers=self.answers(code, answers),
                )
            draft = services.weigh_protective(
                draft, by=by, version=draft.version, factors={"PF01": ("strong", "Her aunt")}
            )
            for carer in carers_of(draft):
                draft = services.record_carer_views(
                    draft, by=by, version=draft.version, views={carer.pk: ("Worried", "")}
                )
            return services.write_about(
                draft, by=by, version=draft.version, voice=voice, child_words="I want it to stop.",
                voice_on=date(2020, 1, 2), people_and_places="None known", worried_about="New friends.",
                working_well="She talks to her aunt.", would_make_worse="Leaving school.",
                not_known_yet="Who they are.", threshold_level="level_2", **about,
            )  # fmt: skip

    def answers(self, section: str, named) -> dict[str, AnswerGiven]:
        critical = ToolkitItem.objects.filter(section__code=section, weight="critical").values_list("code", flat=True)
        asked = {code: AnswerGiven(answer="none") for code in (*critical, *KNOWN) if code.startswith(section)}
        given = {code: named[code] for code in named if code.startswith(section)}
        return asked | {code: AnswerGiven(answer=answer, evidence=HEARD) for code, answer in given.items()}

    def propose(self, tier: str, answers=None, *, by=None, difference_reason="", **about) -> TierProposal:
        by = by or self.worker
        draft = self.assess(answers, by=by, **about)
        with acting_as(by.pk):
            return services.submit_assessment(
                draft, by=by, version=draft.version, proposed=tier, reason="What we know.",
                difference_reason=difference_reason,
            )  # fmt: skip

    def decide(self, proposal: TierProposal, tier: str | None = None, *, by=None, **more):
        tier = tier or proposal.proposed
        override = "" if tier == proposal.proposed else "judgement"
        by = by or self.manager
        with acting_as(by.pk):
            return decide_tier(proposal, by=by, decided=tier, reason="I agree.", override=override, **more)

    def agree(self, decision, *, by=None, supporting=(), names=("cre", "single_assessment"), outcome="agreed", **more):
        by = by or self.cpm
        with acting_as(by.pk):
            return answer_low(
                decision, by=by, outcome=outcome, reason="Read all of it.", names=names, supporting=supporting, **more
            )

    def eha(self, *, day: date):
        with acting_as(self.worker.pk):
            started = services.start_supporting(self.case, by=self.worker, kind="eha", started_at=moment(day, 0))
            return services.complete_supporting(
                started, by=self.worker, version=started.version, completed_on=day, summary="Support in school."
            )


def work(*, born: date | None = date(2011, 6, 14), send: str = "none", **about) -> Work:
    team = TeamFactory(agency=agency())
    worker, manager = person(Role.SOCIAL_WORKER, team), person(Role.TEAM_MANAGER, team)
    cpm = person(Role.CHILD_PROTECTION_MANAGER)
    case = CaseFileFactory(opened_by=worker)
    for one in (team, cpm):
        give(case, one, since=_LONG, until=_LONG)
    ChildFactory(case=case, date_of_birth=born, send_status=send, **about)
    return Work(case, worker, manager, cpm)


EVERY_TYPE = dict.fromkeys(ExploitationType, "none")


_LONG = timedelta(days=3650)
