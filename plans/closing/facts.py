"""From the rows of a file to the facts that closing asks for (`offer.closing`)."""

from django.db.models import Exists, Subquery
from django.utils import timezone

from access.models import CaseFile
from accounts.models import User
from assessments.content import Content
from assessments.decisions.guard import low_facts, tier_of
from assessments.models import NO_CONCERN, Assessment, CPMMatter, EffectiveTier, SupportingAssessment, TierProposal
from children.models import Child, Contact, OtherPlan
from duties.models import MandatoryReport
from offer.closing import ClosingFacts
from offer.levels import Tier
from offer.low_tier import low_objections
from offer.transition import TransitionOutcome
from plans.models import TransitionConsideration
from plans.signals import closing_asked

LEAVES_CARE = (OtherPlan.Kind.LOOKED_AFTER, OtherPlan.Kind.PATHWAY)
LOW_OR_NONE = (Tier.LOW.name.lower(), NO_CONCERN)
SEND = (Child.SendStatus.RECORDED, Child.SendStatus.SUSPECTED)


def still_open(case: CaseFile, by: User) -> tuple[str, ...]:
    """What was begun on the file and not ended, in sentences, whichever package it is of."""
    begun = (
        (
            Contact.objects.filter(case=case, outcome=Contact.Outcome.RECEIVED),
            "A contact waits to be screened. Decide what happens with it.",
        ),
        (
            TierProposal.objects.filter(case=case, state=TierProposal.State.WAITING),
            "A proposed tier waits for a manager. It is decided first.",
        ),
        (
            CPMMatter.objects.filter(case=case, closed_at__isnull=True),
            "A question waits for a Child Protection Manager. Their answer, or a decision of medium or high, ends it.",
        ),
        (
            Assessment.objects.filter(case=case, state=Assessment.State.DRAFT),
            "A risk assessment is being written. Submit it, or stop it.",
        ),
        (
            SupportingAssessment.objects.filter(case=case, state=SupportingAssessment.State.IN_PROGRESS),
            "An Early Help or Single Assessment is in progress. Complete it, or say why it will not be.",
        ),
        (
            MandatoryReport.objects.filter(case=case, state=MandatoryReport.State.OPEN),
            "Something must still be reported. Report it, or close it with its reason.",
        ),
    )
    found = CaseFile.objects.filter(pk=case.pk).values_list(*(Exists(rows) for rows, _ in begun)).get()
    ours = [sentence for (_, sentence), is_so in zip(begun, found, strict=True) if is_so]
    theirs = [said for _, said in closing_asked.send(sender=CaseFile, case=case, by=by) if said]
    return (*ours, *(sentence for said in theirs for sentence in said))


def closing_facts(case: CaseFile, *, by: User, receiver: str = "") -> ClosingFacts:
    """What is known of a file when closing it is asked about, today in London."""
    today = timezone.localdate()
    child = Child.objects.filter(case=case).first()
    tiers = EffectiveTier.objects.filter(case=case, until_at__isnull=True)
    tier = tiers.select_related("decision__assessment__toolkit").first()
    considered = TransitionConsideration.objects.filter(case=case).order_by("-considered_at", "-pk")
    of_file = CaseFile.objects.values(
        assessed=Exists(Assessment.objects.filter(case=case, submitted_at__isnull=False)),
        is_care_leaver=Exists(OtherPlan.objects.filter(case=case, ended_on__isnull=True, kind__in=LEAVES_CARE)),
        transition=Subquery(considered.values("outcome")[:1]),
    ).get(pk=case.pk)
    return ClosingFacts(
        on=today,
        date_of_birth=child.date_of_birth if child else None,
        assessed=of_file["assessed"],
        has_tier=tier is not None,
        tier=tier_of(tier.tier) if tier else None,
        provisional=bool(tier and tier.provisional),
        low_objections=_asked_again(tier, child),
        transition=TransitionOutcome[of_file["transition"].upper()] if of_file["transition"] else None,
        has_send=bool(child and child.send_status in SEND),
        is_care_leaver=of_file["is_care_leaver"],
        receiver=receiver,
        still_open=still_open(case, by),
    )


def _asked_again(tier: EffectiveTier | None, child: Child | None) -> tuple[str, ...]:
    """What the guard on low says today of the decision that the tier in effect rests on. Not asked of a higher tier,
    which keeps the file open by itself."""
    decision = tier.decision if tier and not tier.provisional and tier.tier in LOW_OR_NONE else None
    if child is None or decision is None:
        return ()
    facts = low_facts(
        Content(decision.assessment), child, manager=decision.decided_by_id,
        decided_on=timezone.localdate(decision.decided_at), asked_on=timezone.localdate(),
    )  # fmt: skip
    return tuple(one.sentence for one in low_objections(facts))
