"""From records to what the pages of referrals show. Templates contain no rule and no query."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from access.roles import Action
from offer.catalogue import ITEMS
from referrals.fit import ages, is_paused, not_checked_since, tier_called
from referrals.models import (
    TYPES,
    EscalationRoute,
    InformationGrading,
    InformationReport,
    Referral,
    Service,
    ServiceVersion,
)
from referrals.selectors import Candidate
from ui.dates import counted, long_date, short_moment

State = Referral.State
STATE_COLOURS = {
    State.SENT: "yellow", State.ACCEPTED: "green", State.DECLINED: "red", State.WITHDRAWN: "grey", State.ENDED: "grey",
}  # fmt: skip
TYPE_NAMES = dict(TYPES)
DANGER = "If a child is in danger now, call 999. This does not replace a referral to social care."

Rows = list[dict[str, str]]


def _rows(*facts: tuple[str, str]) -> Rows:
    """The facts that are known, as rows of a summary list."""
    return [{"key": key, "value": value} for key, value in facts if value]


# The directory


def offered_from(service: Service) -> str:
    tier = tier_called(service.lowest_tier)
    return tier.value if tier else ""


def service_tag(service: Service, today: date) -> dict[str, str]:
    """Whether it takes referrals, in a word."""
    if service.ended_at:
        return {"text": "Ended", "colour": "grey"}
    if is_paused(service, today):
        return {"text": "Paused", "colour": "yellow"}
    return {"text": "Open", "colour": "green"}


def checked(service: Service, today: date) -> dict[str, Any]:
    """When the entry was last checked, and whether that is too long ago."""
    is_old = service.checked_on is None or service.checked_on <= not_checked_since(today)
    return {"words": long_date(service.checked_on) or "Never", "is_old": is_old and service.ended_at is None}


def service_line(
    service: Service, today: date, use: Mapping[int, int], mine: frozenset[int], *, admin: bool
) -> dict[str, Any]:
    """An entry as a row of the directory."""
    edits = (admin or service.pk in mine) and service.ended_at is None
    return {
        "name": service.name,
        "href": reverse("service", args=[service.pk]),
        "provider": service.provider.name if service.provider else "",
        "from_tier": offered_from(service),
        "ages": ages(service),
        "tag": service_tag(service, today),
        "until": f"until {long_date(service.paused_until)}" if is_paused(service, today) else "",
        "checked": checked(service, today),
        "use": counted(use.get(service.pk, 0), "child", "children"),
        "pause": reverse("pause_service", args=[service.pk]) if edits else "",
    }


def service_rows(service: Service, today: date, use: Mapping[int, int]) -> Rows:
    """An entry in full."""
    replies = f"Usually within {counted(service.replies_within, 'working day')}" if service.replies_within else ""
    paused = f"Until {long_date(service.paused_until)}: {service.pause_reason}" if is_paused(service, today) else ""
    here = f"{service.team}, in this system" if service.team else "Outside this system"
    return _rows(
        ("What it does", service.does),
        ("Items of the offer", "; ".join(f"{code} {ITEMS[code].title}" for code in service.items) or "None by name"),
        ("Offered from", offered_from(service)),
        ("Ages", ages(service)),
        ("Kinds of exploitation", ", ".join(TYPE_NAMES[one] for one in service.types) or "All"),
        ("Parents and carers", "Works with them too" if service.for_parents else "Works with children only"),
        ("Provider", service.provider.name if service.provider else "Not recorded yet"),
        ("Referrals go to", here),
        ("How to refer", service.how_to_refer),
        ("Phone", service.phone or "Not recorded yet"),
        ("Email", service.email or "Not recorded yet"),
        ("Replies", replies),
        ("Paused", paused),
        ("Last checked", checked(service, today)["words"]),
        ("Ended", long_date(service.ended_at)),
        ("In use", f"Open referrals of {counted(use.get(service.pk, 0), 'child', 'children')}"),
    )  # fmt: skip


FIELD_NAMES = {
    "name": "Name", "does": "What it does", "items": "Items", "lowest_tier": "Offered from", "youngest": "Youngest age",
    "oldest": "Oldest age", "types": "Kinds of exploitation", "for_parents": "Works with parents", "phone": "Phone",
    "how_to_refer": "How to refer", "email": "Email", "replies_within": "Replies within",
    "paused_until": "Paused until",
    "pause_reason": "Reason of the pause", "checked_on": "Last checked", "ended_at": "Ended",
    "provider_id": "Provider", "team_id": "Team",
}  # fmt: skip


def history_items(versions: list[ServiceVersion]) -> list[dict[str, Any]]:
    """Each saving as an item of a timeline: what changed, from what to what."""
    items = []
    for number, one in enumerate(versions):
        before = versions[number + 1].facts if number + 1 < len(versions) else None
        items.append({
            "title": f"Version {one.version}" if before else "First version",
            "by": one.by.name if one.by else "loaded from the service offer",
            "at": one.at,
            "text": "\n".join(_changes(before, one.facts)) if before else "",
        })  # fmt: skip
    return items


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    changed = [name for name in FIELD_NAMES if before.get(name) != after.get(name)]
    return [f"{FIELD_NAMES[name]}: {_shown(before.get(name))} → {_shown(after.get(name))}" for name in changed]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "empty" if value in (None, "") else str(value)


# Services for one child


def candidate_card(one: Candidate, href: str) -> dict[str, Any]:
    """A service as a choice: who it is for, and why it cannot be chosen or does not fit."""
    service = one.service
    replies = f"usually replies in {counted(service.replies_within, 'working day')}" if service.replies_within else ""
    family = "children and parents" if service.for_parents else "children"
    facts = [f"from {offered_from(service)}", f"ages: {ages(service)}", f"for {family}", replies]
    return {
        "name": service.name,
        "does": service.does,
        "facts": ", ".join(filter(None, facts)),
        "blocked": one.blocked,
        "outside": " ".join(one.outside),
        "href": "" if one.blocked else href,
        "pk": service.pk,
    }


def preview_rows(referral: Mapping[str, Any], sender: str) -> Rows:
    """Exactly what the provider will read of the referral itself."""
    return _rows(
        ("Who is referred", referral["about"]),
        ("What is asked", referral["asked_for"]),
        ("What they need to know", referral["what_they_need"]),
        ("How to reach them safely", referral["contact"]),
        ("Sent by", sender),
    )


# Referrals


def referral_card(referral: Referral) -> dict[str, Any]:
    """A referral as it stands, for the page of all of a file's."""
    answered = f"{referral.get_state_display()} {long_date(referral.answered_at)}" if referral.answered_at else ""
    return {
        "title": f"{referral.service.name}: {referral.about}",
        "href": reverse("referral", args=[referral.case_id, referral.pk]),
        "state": {"text": referral.get_state_display(), "colour": STATE_COLOURS[State(referral.state)]},
        "rows": _rows(
            ("Asked for", referral.asked_for),
            ("Sent", f"{short_moment(referral.sent_at)} by {referral.author.name}"),
            ("Answered", answered),
            ("They said", referral.answer),
            ("First came", long_date(referral.first_attended_on)),
            ("Outcome", referral.outcome),
        ),
    }


def referral_rows(referral: Referral, *, is_receiver: bool) -> Rows:
    """A referral in full. Its receiver reads what was sent to them; the plan and the sharing are the sender's."""
    answered_by = referral.answered_by.name if referral.answered_by else ""
    rows = [
        *preview_rows(vars(referral), referral.author.name),
        *_rows(
            ("Sent", short_moment(referral.sent_at)),
            ("Answered", f"{short_moment(referral.answered_at)} by {answered_by}" if answered_by else ""),
            ("The answer", referral.answer),
            ("First came", long_date(referral.first_attended_on)),
            ("Why withdrawn" if referral.state == State.WITHDRAWN else "What came of it", referral.outcome),
        ),
    ]
    return rows if is_receiver else rows + _sender_rows(referral)


def _sender_rows(referral: Referral) -> Rows:
    decision, item = referral.disclosure, referral.item
    return _rows(
        ("Went to", str(referral.team) if referral.team else "Sent outside this system"),
        ("Action of the plan", str(item) if item else ""),
        ("Asked although", referral.unusual_because),
        ("Why they were told", decision.necessity),
        ("Agreement", decision.get_agreement_display()),
        ("Safe to tell the family", "Yes" if decision.safe_to_tell_family else "No: do not tell the family"),
    )


def referral_actions(referral: Referral, allowed: frozenset[Action], *, is_receiver: bool) -> list[dict[str, str]]:
    """What this person can do with the referral now."""
    names: list[tuple[str, str]] = []
    waits, runs = referral.state == State.SENT, referral.state == State.ACCEPTED
    if is_receiver and Action.ANSWER_REFERRAL in allowed:
        names += [("Answer", "answer_referral")] if waits else []
        names += [("Record first attendance", "record_attendance"), ("Work has ended", "end_work")] if runs else []
    if Action.SEND_REFERRAL in allowed and (waits or runs):
        if referral.team_id is None:
            names.append(("Record what they said" if waits else "Record attendance or outcome", "record_answer"))
        names.append(("Withdraw", "withdraw_referral"))
    return [{"text": text, "href": reverse(name, args=[referral.case_id, referral.pk])} for text, name in names]


def referral_line(referral: Any) -> dict[str, Any]:
    """A referral as a row of a team's list."""
    return {
        "about": referral.about,
        "href": reverse("referral", args=[referral.case_id, referral.pk]),
        "reference": referral.case.reference,
        "service": referral.service.name,
        "author": referral.author.name,
        "sent": short_moment(referral.sent_at),
        "state": {"text": referral.get_state_display(), "colour": STATE_COLOURS[State(referral.state)]},
    }


# The escalation route


def route_card(route: EscalationRoute, *, may_change: bool) -> dict[str, Any]:
    is_open = route.closed_at is None
    waits = route.by_telephone and route.confirmed_at is None and is_open
    confirmed = short_moment(route.confirmed_at) or ("Not yet: due within 48 hours of the call" if waits else "")
    closed_by = route.closed_by.name if route.closed_by else ""
    names = [("Confirm in writing", "confirm_in_writing")] if waits else []
    names += [("Close this route", "close_route")] if is_open else []
    return {
        "title": route.get_route_display(),
        "tag": {"text": "Open", "colour": "blue"} if is_open else {"text": "Closed", "colour": "grey"},
        "rows": _rows(
            ("Opened", f"{short_moment(route.opened_at)} by {route.author.name}"),
            ("By telephone", "Yes" if route.by_telephone else ""),
            ("Confirmed in writing", confirmed),
            ("Note", route.note),
            ("Closed", f"{short_moment(route.closed_at)} by {closed_by}: {route.close_reason}" if closed_by else ""),
        ),
        "actions": [
            {"text": text, "href": reverse(name, args=[route.case_id, route.pk])} for text, name in names if may_change
        ],
    }


# Information for the police


def receipt(report: InformationReport) -> dict[str, Any]:
    """What its sender sees of a report: that it was sent, what it says, what the police replied."""
    is_read = report.acknowledged_at is not None
    return {
        "title": f"Report {report.pk}, sent {short_moment(report.sent_at)}",
        "tag": {"text": "Acknowledged", "colour": "green"} if is_read else {"text": "Waiting", "colour": "yellow"},
        "rows": [
            *_rows(
                ("Acknowledged by the police", short_moment(report.acknowledged_at)),
                ("Police reference", report.police_reference),
                ("Their reply", report.reply),
            ),
            *report_rows(report),
        ],
    }


def report_rows(report: InformationReport) -> Rows:
    """What was sent, fact and opinion apart."""
    return _rows(
        ("About", report.about),
        ("How soon", report.get_urgency_display()),
        ("When it happened", report.happened),
        ("How it is known", report.get_how_known_display()),
        ("What was seen or said", report.fact),
        ("What the sender thinks", report.opinion),
        ("People", report.people),
        ("Places", report.places),
        ("Vehicles", report.vehicles),
        ("Phones and online names", report.phones_and_online),
        ("If it became known who told", report.risk_to_source),
        ("The child may be named as the source", "Yes" if report.child_may_be_named else "No"),
    )


def received_line(report: Any) -> dict[str, Any]:
    """A report as a row of the police list."""
    colours = {"today": "red", "soon": "yellow", "routine": "grey"}
    return {
        "title": f"Report {report.pk}: {report.about}",
        "href": reverse("information_report", args=[report.pk]),
        "urgency": {"text": report.get_urgency_display(), "colour": colours[report.urgency]},
        "sent": short_moment(report.sent_at),
        "from": f"{report.author.name}, {report.agency.name}",
        "reference": report.police_reference,
    }


def police_rows(report: Any) -> Rows:
    """A report in full, for those who received it."""
    by = report.acknowledged_by.name if report.acknowledged_by else ""
    phone = f", phone {report.author.phone}" if report.author.phone else ""
    return [
        *_rows(
            ("Sent", f"{short_moment(report.sent_at)} by {report.author.name}, {report.agency.name}{phone}"),
            ("Acknowledged", f"{short_moment(report.acknowledged_at)} by {by}" if by else "Not yet"),
            ("Police reference", report.police_reference),
            ("Reply to the sender", report.reply),
        ),
        *report_rows(report),
    ]


def grading_rows(gradings: list[InformationGrading]) -> Rows:
    """The gradings, newest first, each with its conditions."""
    return [
        {
            "key": str(one),
            "value": f"{one.get_source_display()}; {one.get_assessment_display()}; {one.get_handling_display()}"
            + (f". Conditions: {one.conditions}" if one.conditions else ""),
            "note": f"{one.graded_by.name}, {short_moment(one.graded_at)}",
        }
        for one in gradings
    ]
