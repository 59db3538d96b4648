"""The rows of requests to see the record, and what of them a file in the matrix holds."""

from django.utils import timezone

from access.models import CaseFile
from access.parts import Label
from accounts.models import Agency, User
from subject_access.models import PassageDecision, SubjectAccessRequest
from tests.matrix.vocabulary import FORM, SOCIAL_CARE, SW, TM, OnFile, Rows

PREPARES = OnFile(frozenset({SW}), FORM)  # R18 C
GIVES = OnFile(frozenset({TM}), FORM)  # R18 A

ROWS: Rows = {
    "subject_access": OnFile(SOCIAL_CARE),  # R18 V
    "record_access_request": PREPARES,
    "access_request": OnFile(SOCIAL_CARE),
    "access_chapter": PREPARES,
    "access_takes_longer": PREPARES,
    "access_ready": PREPARES,
    "give_record": GIVES,
    "send_answer_back": GIVES,
    "end_access_request": GIVES,
}


def fill(case: CaseFile, word: dict[Label, str], by: User, agency: Agency) -> dict[str, object]:
    """A request that is being prepared, with one passage decided."""
    asked = SubjectAccessRequest.objects.create(
        case=case, asker="child", asker_name=word[Label.CASEWORK], received_on=timezone.localdate(), recorded_by=by,
        how_known=word[Label.CASEWORK], wanted=word[Label.CASEWORK],
    )  # fmt: skip
    PassageDecision.objects.create(
        case=case, request=asked, source="children.casenote:0", title="Note", digest="0" * 64, given=True,
        decided_by=by, decided_at=timezone.now(),
    )  # fmt: skip
    return {"asked": asked.pk, "chapter": "notes"}
