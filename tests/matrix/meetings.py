"""The rows of meetings, and what of it a file in the matrix holds."""

from datetime import timedelta

from django.utils import timezone

from access.models import CaseFile
from access.parts import Label
from accounts.models import Agency, User
from meetings.models import (
    AgencyConsultation,
    ConsultedFor,
    Dissent,
    Invitation,
    Meeting,
    MeetingDecision,
    StrategyOutcome,
    TaskingListing,
    ThresholdDiscussion,
)
from tests import factories
from tests.matrix.vocabulary import (
    CHAIRS,
    CPM,
    DECIDES_COMPLICITY,
    FORM,
    PARTNERS,
    PO,
    SEES_FILES,
    SOCIAL_CARE,
    TM,
    ForRole,
    OnFile,
    Rows,
)

LEADS = frozenset({TM, CPM})  # R13 A
TASKED = frozenset({TM, CPM, PO})

ROWS: Rows = {
    "my_meetings": ForRole(SEES_FILES),
    "tasking_list": ForRole(TASKED),
    "case_meetings": OnFile(SEES_FILES),
    "arrange_meeting": OnFile(CHAIRS, FORM),
    "meeting": OnFile(SOCIAL_CARE, not_theirs=PARTNERS),
    "cancel_meeting": OnFile(CHAIRS, FORM),
    "record_meeting": OnFile(CHAIRS, FORM),
    "add_decision": OnFile(CHAIRS, FORM),
    "record_strategy": OnFile(CHAIRS, FORM),
    "invite_professional": OnFile(CHAIRS, FORM),
    "invite_child": OnFile(CHAIRS, FORM),
    "invite_family": OnFile(CHAIRS, FORM),
    "record_reply": OnFile(CHAIRS, FORM),
    "reply_to_invitation": OnFile(frozenset(), FORM, not_theirs=PARTNERS),
    "send_meeting_report": OnFile(frozenset(), FORM, not_theirs=PARTNERS),
    "decide_invitation": OnFile(DECIDES_COMPLICITY, FORM),
    "record_dissent": OnFile(CHAIRS, FORM),
    "add_meeting_action": OnFile(CHAIRS, FORM),
    "consult_agency": OnFile(LEADS, FORM),
    "hold_threshold": OnFile(LEADS, FORM),
    "refuse_strategy": OnFile(LEADS, FORM),
    "end_enquiry": OnFile(LEADS, FORM),
    "record_tasking": OnFile(CHAIRS, FORM),
}


def fill(case: CaseFile, word: dict[Label, str], by: User, agency: Agency) -> dict[str, object]:
    """One row in each table, each with its part's canary; returns the ids that addresses need."""
    casework, now = word[Label.CASEWORK], timezone.now()
    to_come = Meeting.objects.create(
        case=case, kind="cin", starts_at=now + timedelta(days=3), place=casework, chair_name=casework, author=by,
        access_needs=casework,
    )  # fmt: skip
    held = Meeting.objects.create(
        case=case, kind="strategy", state=Meeting.State.HELD, starts_at=now, held_at=now, place=casework,
        chair_name=casework, author=by, summary=casework, child_took_part=casework,
    )  # fmt: skip
    invitation = Invitation.objects.create(
        case=case, meeting=to_come, of="professional", name=casework, agency=agency, agency_name=casework,
        report=casework, invited_by=by,
    )  # fmt: skip
    decision = MeetingDecision.objects.create(case=case, meeting=held, number=1, text=casework, agreed="all", author=by)
    Dissent.objects.create(case=case, decision=decision, who=casework, reason=casework, author=by)
    waits = Meeting.objects.create(
        case=case, kind="strategy", state=Meeting.State.HELD, starts_at=now, held_at=now, place=casework,
        chair_name=casework, author=by, summary=casework,
    )  # fmt: skip
    StrategyOutcome.objects.create(
        case=case, meeting=held, s47_met=False, who_sees_child=casework, immediate_safety=casework, reason=casework,
        author=by,
    )  # fmt: skip
    asked = AgencyConsultation.objects.create(
        case=case, agency_name=casework, person_name=casework, on=now.date(), view=casework, author=by
    )
    discussion = ThresholdDiscussion.objects.create(
        case=case, manager=by, cpm=factories.UserFactory(), level="intensive", outcome="cin", reason=casework,
        held_at=now, author=by,
    )  # fmt: skip
    ConsultedFor.objects.create(case=case, discussion=discussion, consultation=asked)
    listing = TaskingListing.objects.create(
        case=case, listed_at=now, why=word[Label.SAFETY], outcome=word[Label.SAFETY], author=by
    )
    return {
        "meeting": to_come.pk, "held": held.pk, "waits": waits.pk, "invitation": invitation.pk,
        "meeting_decision": decision.pk, "listing": listing.pk,
    }  # fmt: skip
