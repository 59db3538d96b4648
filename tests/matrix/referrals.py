"""The rows of referrals, and what of it a file in the matrix holds."""

from django.contrib.auth.models import Permission
from django.utils import timezone

from access.models import CaseFile, DisclosureDecision
from access.parts import Label
from accounts.models import Agency, User
from referrals.models import (
    EscalationRoute,
    InformationGrading,
    InformationReport,
    Referral,
    Service,
    ServiceMaintainer,
)
from tests import factories
from tests.matrix.vocabulary import (
    CASEWORKERS,
    EVERY_ROLE,
    FORM,
    PARTNERS,
    PO,
    QA,
    SD,
    SEES_FILES,
    SOCIAL_CARE,
    ForRole,
    OnFile,
    Rows,
)

ADMIN = frozenset({SD})  # R20 VCEA
POLICE = frozenset({PO})  # R11 VCEA
TELLS_POLICE = SEES_FILES - {QA}  # R11: everybody who works with the child may submit

ROWS: Rows = {
    # The directory
    "services": ForRole(EVERY_ROLE),
    "service": ForRole(EVERY_ROLE),
    "service_history": ForRole(EVERY_ROLE),
    "add_service": ForRole(ADMIN, FORM),
    "edit_service": ForRole(ADMIN, FORM),
    "pause_service": ForRole(ADMIN, FORM),
    "check_service": ForRole(ADMIN, FORM),
    "end_service": ForRole(ADMIN, FORM),
    "maintainers": ForRole(ADMIN, FORM),
    "stop_maintaining": ForRole(ADMIN, FORM),
    # Referrals
    "referrals": ForRole(SEES_FILES),
    "case_referrals": OnFile(SEES_FILES),
    "choose_service": OnFile(CASEWORKERS),
    "send_referral": OnFile(CASEWORKERS, FORM),
    "referral": OnFile(SOCIAL_CARE, not_theirs=PARTNERS),
    "answer_referral": OnFile(frozenset(), FORM, not_theirs=PARTNERS),
    "record_attendance": OnFile(frozenset(), FORM, not_theirs=PARTNERS),
    "end_work": OnFile(frozenset(), FORM, not_theirs=PARTNERS),
    "withdraw_referral": OnFile(CASEWORKERS, FORM),
    "record_answer": OnFile(CASEWORKERS, FORM),
    # The escalation route
    "open_route": OnFile(CASEWORKERS, FORM),
    "confirm_in_writing": OnFile(CASEWORKERS, FORM),
    "close_route": OnFile(CASEWORKERS, FORM),
    # Information for the police
    "case_information": OnFile(TELLS_POLICE),
    "send_information": OnFile(TELLS_POLICE, FORM),
    "information_received": ForRole(POLICE),
    "information_report": ForRole(POLICE),
    "acknowledge_information": ForRole(POLICE, FORM),
    "grade_information": ForRole(POLICE, FORM),
}

ELSEWHERE = ("service", "information", "maintainer")  # ids that addresses about no file need


def fill(case: CaseFile, word: dict[Label, str], by: User, agency: Agency) -> dict[str, object]:
    """One row in each table, each with its part's canary; returns the ids that addresses need."""
    team = factories.TeamFactory(agency=agency)
    about = {"does": "Prevention work", "lowest_tier": "low", "for_parents": True}
    service = Service.objects.create(name=f"Service {case.pk}", provider=agency, team=team, **about)
    outside = Service.objects.create(name=f"Outside {case.pk}", **about)
    right = Permission.objects.get(codename="maintain_service")
    ServiceMaintainer.objects.create(user=by, permission=right, content_object=service)
    told = DisclosureDecision.objects.create(
        case=case, labels=["core"], recipient="Them", purpose="Referral", lawful_basis="public_task",
        necessity=word[Label.CASEWORK], agreement="agreed", method="In this system", decided_by=by,
    )  # fmt: skip
    facts = {
        "about": word[Label.CASEWORK], "asked_for": word[Label.CASEWORK], "what_they_need": word[Label.CASEWORK],
        "contact": word[Label.CASEWORK], "disclosure": told, "author": by, "case": case,
    }  # fmt: skip
    referral = Referral.objects.create(service=service, team=team, **facts)
    sent_outside = Referral.objects.create(service=outside, **facts)
    route = EscalationRoute.objects.create(
        case=case, route="irt", by_telephone=True, opened_at=timezone.now(), author=by, note=word[Label.CASEWORK]
    )
    report = InformationReport.objects.create(
        case=case, about=word[Label.CORE], happened="Yesterday", how_known="direct", fact=word[Label.POLICE],
        risk_to_source="None known", urgency="routine", author=by, agency=agency,
    )  # fmt: skip
    InformationGrading.objects.create(
        case=case, report=report, source="2", assessment="A", handling="C", conditions=word[Label.POLICE], graded_by=by
    )
    return {
        "service": service.pk, "referral": referral.pk, "outside": sent_outside.pk, "route": route.pk,
        "information": report.pk, "maintainer": by.pk,
    }  # fmt: skip
