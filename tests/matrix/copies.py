"""The rows of copies of the plan, and what of them a file in the matrix holds."""

import hashlib

from django.utils import timezone

from access.models import CaseFile, DisclosureDecision
from access.parts import Label
from accounts.models import Agency, User
from plans.models import Copy, SafetyPlan, ServicePlan
from tests import factories
from tests.matrix.vocabulary import ACT, CHAIRS, FORM, PARTNERS, SEES_FILES, SOCIAL_CARE, OnFile, Rows

ROWS: Rows = {
    "copies": OnFile(SEES_FILES),  # R18: partners those made for their agency
    "choose_copy": OnFile(CHAIRS),
    "copy_for_child": OnFile(CHAIRS, FORM),
    "copy_for_person": OnFile(CHAIRS, FORM),
    "copy_for_team": OnFile(CHAIRS, FORM),
    "copy_for_professional": OnFile(CHAIRS, FORM),
    "print_copy": OnFile(SOCIAL_CARE, not_theirs=PARTNERS),
    "download_copy": OnFile(SOCIAL_CARE, ACT, not_theirs=PARTNERS),
}


def fill(case: CaseFile, word: dict[Label, str], by: User, agency: Agency) -> dict[str, object]:
    """A copy that was made, and a team that one could be made for; the plan itself where nobody else put one there."""
    now = timezone.now()
    ServicePlan.objects.get_or_create(case=case, defaults={"tier": "low", "opened_at": now, "opened_by": by})
    SafetyPlan.objects.get_or_create(
        case=case, state="in_force",
        defaults={
            "kind": "full", "author": by, "child_words": word[Label.SAFETY], "approved_by": by, "approved_at": now
        },
    )  # fmt: skip
    decision = DisclosureDecision.objects.create(
        case=case, labels=["core"], recipient="A court", purpose=word[Label.CASEWORK], lawful_basis="public_task",
        necessity="It decides", agreement="not_asked", method="Copy", decided_by=by,
    )  # fmt: skip
    words = word[Label.CASEWORK]
    pdf = f"%PDF-1.7 {words}".encode()
    section = {"title": "Said", "kind": "text", "lines": [words], "head": [], "rows": [], "last": False}
    copy = Copy.objects.create(
        case=case, kind="professional", number=1, recipient_name=words, plan_version=1, author=by, disclosure=decision,
        state="ready", pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), made_at=now,
        content={"title": words, "heading": words, "caption": "", "mark": "", "footer": "", "facts": [],
                 "sections": [section], "large": False},
    )  # fmt: skip
    team = factories.TeamFactory(agency=factories.agency())
    factories.give(case, team)
    return {"copy": copy.pk, "holder": team.pk}
