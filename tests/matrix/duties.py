"""The rows of mandatory reports, and what of them a file in the matrix holds."""

from django.utils import timezone

from access.models import CaseFile
from access.parts import Label
from accounts.models import Agency, User
from duties.models import MandatoryReport
from tests.matrix.vocabulary import EDT, FORM, PARTNERS, SEES_FILES, SW, TM, OnFile, Rows

# R14: social care all of them, partners their own; a manager closes them.
WORKS = frozenset({SW, TM, EDT}) | PARTNERS
ON_ONE = OnFile(frozenset({SW, TM, EDT}) | PARTNERS, FORM, not_theirs=PARTNERS)
CLOSES = OnFile(frozenset({TM}), FORM)

ROWS: Rows = {
    "reports": OnFile(SEES_FILES),
    "open_report": OnFile(WORKS, FORM),
    "answer_how_known": ON_ONE,
    "record_report": ON_ONE,
    "record_nrm_decision": ON_ONE,
    "record_return": ON_ONE,
    "close_report": CLOSES,
    "close_unreported": CLOSES,
    "extend_report": CLOSES,
    "tell_family": CLOSES,
}


def fill(case: CaseFile, word: dict[Label, str], by: User, agency: Agency) -> dict[str, object]:
    """One row in each table, each with its part's canary; returns the ids that addresses need."""
    report = MandatoryReport.objects.create(
        case=case, rule_id="MR-04", trigger=word[Label.CASEWORK], discovered_by=by, discovered_at=timezone.now(),
        author=by, agency=agency,
    )  # fmt: skip
    return {"report": report.pk}
