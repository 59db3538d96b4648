"""From a report to its card: what, since when, by when, who, and what to do."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from access.roles import Action
from deadlines.models import Deadline
from duties.models import MandatoryReport
from offer.duties import DUTIES, FamilyTold
from offer.timescales import TIMESCALES
from ui.dates import day_of, long_date, short_moment, time_left

State = MandatoryReport.State
NEVER = datetime.max.replace(tzinfo=UTC)
RECIPIENT_LONGEST = 200
FAMILY = {
    FamilyTold.HOLD: "Hold. They may be told after advice, if it is safe.",
    FamilyTold.NOTHING_BEFORE_ADVICE: "Never contact or tell the family or community before advice.",
    FamilyTold.JUDGEMENT: "As you judge, with your manager.",
}


def recipient_of(report: MandatoryReport) -> str:
    """To whom a report usually goes, to begin the form with: the person changes it where it went elsewhere."""
    return DUTIES[report.rule_id].recipients[0][:RECIPIENT_LONGEST]


def due_first(reports: Iterable[MandatoryReport], clocks: Mapping[str, list[Deadline]]) -> list[MandatoryReport]:
    """Open reports by their nearest limit, the latest overdue on top; then those that were made or closed."""

    def key(report: MandatoryReport) -> tuple[bool, datetime]:
        running = [one.soft_at or one.limit_at for one in clocks.get(f"report:{report.pk}", ())]
        return report.state != State.OPEN, min(running, default=NEVER)

    return sorted(reports, key=key)


def limits(clocks: Iterable[Deadline], now: datetime) -> list[dict[str, str]]:
    """Each limit of a report in words, the first to run out first."""
    rows = []
    for clock in clocks:
        rule = TIMESCALES[clock.rule_id]
        limit, at = (day_of(clock.limit_at), day_of(now)) if clock.limit_on else (clock.limit_at, now)
        until = long_date(clock.limit_at) if clock.limit_on else short_moment(clock.limit_at)
        first = f" First limit: {rule.soft_label}, {long_date(clock.soft_at)}." if clock.soft_at else ""
        rows.append({"key": "Due", "value": f"{until}: {time_left(limit, at)}", "note": f"{rule.status_text}.{first}"})
    return rows


def report_card(
    report: MandatoryReport, clocks: Iterable[Deadline], now: datetime, *, asker: int, allowed: frozenset[Action]
) -> dict[str, Any]:
    """One report. What can be done with it now is decided by its state and by who asks."""
    duty = DUTIES[report.rule_id]
    rows = limits(clocks, now)  # also what runs after the report: the rapid review, the decision of the NRM
    rows += [
        {"key": "What was found", "value": report.trigger, "note": short_moment(report.discovered_at)},
        {"key": "Who must report", "value": f"{report.discovered_by.name}" if duty.personal else duty.reporter},
        {"key": "To whom", "value": "; ".join(duty.recipients)},
        {"key": "The family", "value": FAMILY[duty.family] if report.hidden_from_family else "May be told.",
         "note": report.family_decision},
    ]  # fmt: skip
    if duty.exceptions and report.state == State.OPEN:
        rows.append({"key": "Remember", "value": "\n".join(duty.exceptions)})
    if report.reported_at and report.reporter:
        told = f"{report.recipient}, {report.method}"
        by = f"{short_moment(report.reported_at)} by {report.reporter.name}"
        rows.append({"key": "Reported", "value": f"{told} {report.reference}".strip(), "note": by})
    rows += _afterwards(report)
    if report.extension_reason:
        rows.append({"key": "First limit extended", "value": report.extension_reason})
    if report.not_reported:
        rows.append(
            {"key": "Not reported", "value": report.get_not_reported_display(), "note": report.not_reported_because}
        )
    if report.outcome:
        rows.append({"key": "Outcome", "value": report.outcome})
    return {
        "title": f"{duty.title}: {report.get_state_display().lower()}",
        "rows": rows,
        "actions": _actions(report, asker, allowed),
        "ask_how": report.rule_id == "MR-01" and not report.how_known and report.state == State.OPEN,
    }


def _afterwards(report: MandatoryReport) -> list[dict[str, str]]:
    """What came after: help noted, the decisions of the NRM, a child's return."""
    facts = [
        ("Helped by", report.helped_by, ""),
        ("Reasonable grounds", report.get_reasonable_grounds_display(), long_date(report.reasonable_on)),
        ("Conclusive grounds", report.get_conclusive_grounds_display(), long_date(report.conclusive_on)),
        ("Back since", short_moment(report.returned_at), ""),
        ("Return home interview", short_moment(report.interviewed_at), ""),
    ]
    rows = [{"key": key, "value": value, "note": note} for key, value, note in facts if value]
    if report.reasonable_grounds == MandatoryReport.Grounds.POSITIVE and not report.conclusive_grounds:
        earliest = TIMESCALES["TS-24"].not_before(report.reasonable_on) if report.reasonable_on else None
        note = f"Usually not before {long_date(earliest)}; an earlier decision is recorded too."
        rows.append({"key": "Conclusive grounds", "value": "Waited for", "note": note})
    return rows


def _actions(report: MandatoryReport, asker: int, allowed: frozenset[Action]) -> list[dict[str, str]]:
    personal = DUTIES[report.rule_id].personal
    is_open, is_reported = report.state == State.OPEN, report.state == State.REPORTED
    may_report = Action.OPEN_REPORT in allowed and (not personal or report.discovered_by_id == asker)
    may_close = Action.CLOSE_REPORT in allowed
    is_nrm = report.rule_id == "MR-02"
    is_missing = report.rule_id == "MR-08" and report.state != State.CLOSED
    asks_how = report.rule_id in ("MR-01", "MR-01b") and not report.how_known and report.discovered_by_id == asker
    offered: Mapping[str, tuple[str, bool]] = {
        "answer_how_known": ("Say how you know", is_open and asks_how),
        "record_report": ("Reported", is_open and may_report and not asks_how),
        "record_nrm_decision": ("Record an NRM decision", is_reported and is_nrm and Action.OPEN_REPORT in allowed),
        "record_return": ("The child is back", is_missing and Action.OPEN_REPORT in allowed),
        "extend_report": ("Extend the first limit", is_open and may_close and report.rule_id == "MR-01"),
        "close_unreported": ("Close without a report", is_open and may_close),
        "close_report": ("Record the outcome", is_reported and may_close),
        "tell_family": ("Family may be told", may_close and report.hidden_from_family and report.state != State.CLOSED),
    }
    return [
        {"text": text, "href": reverse(name, args=[report.case_id, report.pk])}
        for name, (text, is_offered) in offered.items()
        if is_offered
    ]
