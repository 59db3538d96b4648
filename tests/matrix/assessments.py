"""The rows of assessments, and what of it a file in the matrix holds."""

from datetime import timedelta

from django.utils import timezone

from access.models import CaseFile
from access.parts import Label
from accounts.models import Agency, User
from assessments.models import (
    Answer,
    Assessment,
    ConsideredType,
    CPMMatter,
    EffectiveTier,
    ProtectiveFactor,
    SupportingAssessment,
    TierDecision,
    TierProposal,
    ToolkitItem,
    ToolkitVersion,
)
from tests import factories
from tests.matrix.vocabulary import CPM, EDT, EHP, FORM, SD, SOCIAL_CARE, SW, TM, ForRole, OnFile, Rows

READS = SOCIAL_CARE | {EHP}  # R3 V; early help its own
WRITES = frozenset({SW, EDT, EHP})  # R3 C
OTHERS = frozenset({EHP})  # may, but the one named is another agency's
WRITING = OnFile(WRITES, FORM, not_theirs=OTHERS)

ROWS: Rows = {
    "toolkits": ForRole(frozenset({SD})),
    "load_toolkit": ForRole(frozenset({SD}), FORM),
    "toolkit": ForRole(frozenset({SD})),
    "toolkit_file": ForRole(frozenset({SD})),
    "publish_toolkit": ForRole(frozenset({SD}), FORM),
    "decisions_waiting": ForRole(frozenset({TM, CPM})),
    "assessments": OnFile(READS),
    "start_assessment": OnFile(WRITES, FORM),
    "assessment": OnFile(WRITES, not_theirs=OTHERS),
    "read_assessment": OnFile(READS, not_theirs=OTHERS),
    "compare_assessments": OnFile(READS, not_theirs=OTHERS),
    "assess_start": WRITING,
    "assess_voice": WRITING,
    "assess_types": WRITING,
    "assess_items": WRITING,
    "assess_screening": WRITING,
    "assess_protective": WRITING,
    "assess_people": WRITING,
    "assess_analysis": WRITING,
    "withdraw_assessment": WRITING,
    "start_supporting": OnFile(WRITES, FORM),
    "complete_supporting": WRITING,
    "authorise_supporting": OnFile(frozenset({TM}), FORM),  # R3 A
    "end_supporting": WRITING,
    "decide_tier": OnFile(frozenset({TM}), FORM),  # R4 A
    "answer_low": OnFile(frozenset({CPM}), FORM),  # R5 CA
}


def fill(case: CaseFile, word: dict[Label, str], by: User, agency: Agency) -> dict[str, object]:
    """One row in each table, each with its part's canary; returns the ids that addresses need."""
    toolkit, item = ToolkitVersion.objects.get(is_current=True), ToolkitItem.objects.get(code="A02")
    factor = ToolkitItem.objects.get(code="PF01")
    hidden, now = word[Label.CASEWORK], timezone.now()
    own = {"case": case, "author": by, "agency": agency}
    draft = Assessment.objects.create(
        **own, toolkit=toolkit, reason="new_concern", concern_on=now.date(), sources_used=hidden, child_words=hidden,
        worried_about=hidden, people_and_places=hidden,
    )  # fmt: skip
    Answer.objects.create(**own, assessment=draft, item=item, answer="current", evidence=hidden, source="child")
    ProtectiveFactor.objects.create(**own, assessment=draft, item=factor, strength="strong", evidence=hidden)
    ConsideredType.objects.create(**own, assessment=draft, type="cse", status="suspected", evidence=hidden)
    made = Assessment.objects.create(
        **own, toolkit=toolkit, reason="other", concern_on=now.date(), state="submitted", submitted_at=now,
        content_hash="x", sources_used=hidden, child_words=hidden,
    )  # fmt: skip
    proposal = TierProposal.objects.create(
        **own, assessment=made, suggestion="Medium", suggested="medium", proposed="medium", reason=hidden,
        submitted_at=now,
    )  # fmt: skip
    earlier = Assessment.objects.create(
        **own, toolkit=toolkit, reason="other", concern_on=now.date(), state="submitted", submitted_at=now,
        content_hash="x",
    )  # fmt: skip
    decided = TierProposal.objects.create(
        **own, assessment=earlier, suggestion="Low", suggested="low", proposed="low", reason=hidden, submitted_at=now,
        state="decided",
    )  # fmt: skip
    decision = TierDecision.objects.create(
        case=case, proposal=decided, assessment=earlier, decided="low", reason=word[Label.SAFETY], waits_for_cpm=True,
        decided_by=factories.UserFactory(), decided_at=now,
    )  # fmt: skip
    CPMMatter.objects.create(case=case, decision=decision, opened_because="low_decided", opened_at=now)
    EffectiveTier.objects.create(
        case=case, tier="medium", provisional=True, cause="floor", decision=decision, set_by=by,
        from_at=now - timedelta(hours=1),
    )  # fmt: skip
    supporting = SupportingAssessment.objects.create(**own, kind="eha", started_at=now, summary=hidden)
    return {
        "assessment": draft.pk, "section": "A", "proposal": proposal.pk, "decision": decision.pk,
        "supporting": supporting.pk, "toolkit": toolkit.pk,
    }  # fmt: skip
