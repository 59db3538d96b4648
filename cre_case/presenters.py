"""From records to what the pages across packages show. Templates contain no rule and no query."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from access.models import AuditEvent, CaseAccess, CaseFile, ConflictExclusion, DisclosureDecision, ReadingAlert
from access.parts import LABEL_NAMES, SOCIAL_CARE_LABELS, Label
from access.permissions import sentence
from access.roles import Action, Level
from accounts.models import Team, User
from assessments.presenters import tier_tag
from children.models import Child, OtherPlan, Person
from children.selectors import TimelineItem
from cre_case.selectors import Found, GrantLine, NextDue, Post, Row, Tiered
from deadlines.models import Deadline
from deadlines.presenters import due_marker, marker, what_is_due, who_does_it
from offer.ages import age_on
from offer.timescales import TIMESCALES
from ui.dates import counted, day_of, days_ago, long_date, short_moment

PROTECTED_AGE = 13
SEND_TAGS = {Child.SendStatus.RECORDED: "SEND", Child.SendStatus.SUSPECTED: "SEND suspected"}
LEVELS = {
    Level.EXISTENCE: "Know that there is a file, and whom to ask",
    Level.VIEW: "Look",
    Level.WORK: "Look and add",
}


def about_child(child: Child | None, today: date) -> dict[str, Any]:
    """Name, age and what protects the child, in words."""
    if child is None:
        return {"name": "New contact, no child recorded yet", "age": "", "tags": []}
    age = age_on(child.date_of_birth, today) if child.date_of_birth else None
    tags = [SEND_TAGS[status] for status in SEND_TAGS if status == child.send_status]
    if age is not None and age < PROTECTED_AGE:
        tags.append("Under 13")
    about = "about " if child.date_of_birth_estimated else ""
    return {"name": str(child), "age": "age not known" if age is None else f"{about}{age}", "tags": tags}


def seen_words(seen_at: datetime | None, today: date, *, sees_all: bool) -> dict[str, str]:
    """When the child was last seen, as a worker says it. A partner reads only the visits of their own agency."""
    if seen_at is None:
        return {"words": "Not seen yet" if sees_all else "Not by your agency", "day": ""}
    return {"words": days_ago(day_of(seen_at), today).capitalize(), "day": long_date(seen_at)}


def tier_words(tier: Tiered | None, *, sees_all: bool) -> dict[str, str]:
    """The tier in effect, as a tag and a word beside it. To a partner, none at all may be one that was not shared."""
    if tier is None:
        return {"text": "Not assessed" if sees_all else "Not shown to you", "colour": "grey", "note": ""}
    return {**tier_tag(tier.tier), "note": "awaiting CPM" if tier.waits else f"since {long_date(tier.since)}"}


def due_words(due: NextDue | None, now: datetime) -> dict[str, str] | None:
    """What is due next, the day, and how long that is away."""
    if due is None:
        return None
    return {"what": TIMESCALES[due.rule_id].label, **marker(due.limit, now, by_day=due.by_day)}


CLOSED = {"text": "Closed", "colour": "grey", "note": ""}


def worklist_row(row: Row, now: datetime, *, sees_all: bool, may_assess: bool) -> dict[str, Any]:
    """A file as a row: what a worker needs to see to know who comes first. `may_assess`: the child, as their worker."""
    today = day_of(now)
    about = about_child(row.child, today)
    since = f"since {long_date(row.led_since)}" if row.led_since else f"open since {long_date(row.case.opened_at)}"
    if row.contact:
        named = f"{row.contact.child_given_names} {row.contact.child_family_name}".strip()
        about["name"] = f"New contact: {named}" if named else "New contact, child not named yet"
    tier = tier_words(row.tier, sees_all=sees_all)
    if row.case.closed_at:
        tier, since = CLOSED, f"closed {long_date(row.case.closed_at)}"
    return {
        **about,
        "href": reverse("case_file", args=[row.case.pk]),
        "reference": row.case.reference,
        "lead": row.lead or "Not allocated",
        "since": since,
        "plans": [plan.label for plan in row.plans],
        "tier": tier,
        "assess": _assess_link(row) if may_assess and row.child else None,
        "due": due_words(row.next_due, now),
        "seen": seen_words(row.seen_at, today, sees_all=sees_all),
    }


def _assess_link(row: Row) -> dict[str, str] | None:
    """From the list into an assessment: a first one, or a review. None while a manager's decision on one is due."""
    if row.next_due and row.next_due.rule_id in ("TG-MANAGER", "TG-MANAGER-HIGH"):
        return None
    text, reason = ("Review", "review") if row.tier else ("Start assessment", "new_concern")
    return {"text": text, "href": f"{reverse('start_assessment', args=[row.case.pk])}?reason={reason}"}


def found_row(found: Found, today: date) -> dict[str, Any]:
    """A find of a search, with why it was found."""
    return {
        **about_child(found.child, today),
        "href": reverse("case_file", args=[found.case.pk]),
        "reference": found.case.reference,
        "born": long_date(found.child.date_of_birth) if found.child else "",
        "lead": f"Closed {long_date(found.case.closed_at)}" if found.case.closed_at else found.lead or "Not allocated",
        "reason": found.reason,
    }


def post_choice(post: Post) -> tuple[str, str]:
    """A social worker as a choice: who, where, and how much they have."""
    held = post.membership
    load = "" if post.children is None else f" ({post.children} {'child' if post.children == 1 else 'children'} now)"
    return str(held.pk), f"{held.user.name}, {held.team.name}{load}"


# The overview


def key_facts(child: Any) -> list[dict[str, str]]:
    """What matters about the child, as far as it was read for this person: rows of a summary list.

    A part this person may not see was not read: it is None.
    """
    rows = [
        ("Lives with", ", ".join(_with_relationship(person) for person in child.lives_with or ())),
        ("Home", ", ".join(child.homes or ())),
        ("School or college", child.school or ""),
        ("Other plans", ", ".join(OtherPlan.Kind(kind).label for kind in child.plans or ())),
        ("Communication", child.communication_needs),
    ]
    facts = [{"key": key, "value": value} for key, value in rows if value]
    if child.own_words:
        said = datetime.fromisoformat(child.own_words["at"])
        facts.append({"key": "In their own words", "value": f"“{child.own_words['words']}”", "note": long_date(said)})
    return facts


# Where what is due is done, by the beginning of its rule: a page of the file.
DONE_AT = {
    **dict.fromkeys(("MR-", "TS-19", "TS-21", "TS-23", "TS-24", "TS-29", "TG-NRM"), "reports"),
    **dict.fromkeys(("RV-", "TG-MANAGER", "TG-CPM", "TG-EVENT", "TS-03", "TS-04"), "assessments"),
    **dict.fromkeys(("TG-GAP", "TG-TRIGGER"), "plan"),
    **dict.fromkeys(("TS-10", "TS-17"), "notes"),
    **dict.fromkeys(("TS-01", "TS-02"), "case_contacts"),
    **dict.fromkeys(
        ("TG-THRESHOLD", "TG-MEETING", "TG-TAF", "TG-STRATEGY", "TG-TASKING", "TS-05", "TS-06", "TS-07", "TS-08",
         "TS-09", "TS-11", "TS-12", "TS-13", "TS-14"), "case_meetings",
    ),
    "TG-TRANSITION": "transition",
    "TG-CLOSING": "closing",
    **dict.fromkeys(("TS-32", "TG-SECOND-READER"), "subject_access"),
}  # fmt: skip


def due_task(clock: Deadline, now: datetime) -> dict[str, Any]:
    """A clock that runs as a line of a task list, with the page where it is done."""
    page = next((name for rule, name in DONE_AT.items() if clock.rule_id.startswith(rule)), "case_due")
    return {
        "text": what_is_due(clock),
        "hint": who_does_it(clock),
        "href": reverse(page, args=[clock.case_id]),
        "due": due_marker(clock, now),
    }


def _with_relationship(person: Mapping[str, str]) -> str:
    return f"{person['name']} ({Person.Relationship(person['relationship']).label.lower()})"


def involved_rows(lead: Mapping[str, Any] | None, grants: Iterable[GrantLine]) -> list[dict[str, str]]:
    """Who works with the child: the lead worker, then each team with live access, once, and whoever is named."""
    rows = []
    if lead:
        phone = f"phone {lead['phone']}" if lead["phone"] else ""
        rows.append({"who": lead["name"], "where": lead["team"], "how": "Allocated social worker", "note": phone})
    seen = set()
    for grant in grants:
        who, where = (grant.team, grant.agency) if grant.team else (grant.person, grant.job_title)
        works = grant.is_live and grant.level and (grant.team or grant.source is CaseAccess.Source.NAMED)
        if works and (who, where) not in seen:
            seen.add((who, where))
            until = f"until {long_date(grant.until)}" if grant.until else ""
            rows.append({"who": who, "where": where, "how": HOW[grant.source], "note": until})
    return rows


HOW = {
    CaseAccess.Source.TEAM: "The team that holds the file",
    CaseAccess.Source.ALLOCATION: "Allocated social worker",
    CaseAccess.Source.SHARE: "Shared with them",
    CaseAccess.Source.REFERRAL: "Referred to them",
    CaseAccess.Source.INVITATION: "Invited to a meeting",
    CaseAccess.Source.OVERSIGHT: "Oversees the work",
    CaseAccess.Source.STATED_REASON: "City-wide access, with a reason",
    CaseAccess.Source.NAMED: "Named on the restricted file",
    CaseAccess.Source.EXISTENCE: "Knows that there is a file",
    CaseAccess.Source.BREAK_GLASS: "Opened in an emergency",
}

DAY_ONLY = ("plans",)  # kinds of events that are known by the day
LONGEST_EVENT = 280  # characters of an event's text; the rest is on its own page


def event_row(item: TimelineItem, case: CaseFile) -> dict[str, Any]:
    """Something that happened, with a link to the rest of a long text."""
    at = long_date(item.at) if item.kind in DAY_ONLY else short_moment(item.at)
    row: dict[str, Any] = {"title": item.title, "by": item.by, "at": at, "text": item.text}
    if len(item.text) > LONGEST_EVENT:
        row["text"] = f"{item.text[:LONGEST_EVENT].rsplit(' ', 1)[0]} …"
        row |= {"href": reverse(item.href_name, args=[case.pk]), "link": "Read the rest"} if item.href_name else {}
    return row


# (words, URL name, action): what can be recorded on a file, the commonest first.
RECORDED = (
    ("Visit or note", "add_note", Action.ADD_NOTE),
    ("Contact", "add_contact", Action.RECORD_CONTACT),
    ("Family member or other person", "add_person", Action.EDIT_NETWORK),
    ("Warning for visitors", "raise_warning", Action.RECORD_WARNING),
    ("Tell the police", "send_information", Action.SEND_INFORMATION),
)
DONE_TO_FILE = (
    ("Allocate", "allocate", Action.ALLOCATE),
    ("Share", "share", Action.SHARE),
)


def buttons(case: Any, allowed: frozenset[Action], links: Iterable[tuple[str, str, Action]]) -> list[dict[str, str]]:
    """Each thing to do, with its address, or the reason why this person may not."""
    return [
        {
            "text": text,
            "href": reverse(name, args=[case.pk]),
            "reason": "" if action in allowed else sentence(action),
            "id": name,
        }
        for text, name, action in links
    ]


def menu(case: Any, allowed: frozenset[Action]) -> list[dict[str, str]]:
    """What this person can record on this file."""
    return [item for item in buttons(case, allowed, RECORDED) if not item["reason"]]


# Who can see a file, and who has looked


def grant_card(grant: GrantLine, *, end: str = "") -> dict[str, Any]:
    """A grant in words: who, what, why, by whom, until when. `end`: the page that ends it, if this person may."""
    who, where = (grant.team, grant.agency) if grant.team else (grant.person, grant.job_title)
    until = short_moment(grant.until) if grant.until else LASTS.get(grant.source, "The allocation changes")
    return {
        "pk": grant.pk,
        "title": f"{who}, {where}" if where else who,
        "rows": [
            {"key": "How", "value": HOW[grant.source], "note": f"by {grant.given_by}, {long_date(grant.since)}"},
            {"key": "What", "value": reach(grant.level, grant.labels)},
            {"key": "Why", "value": f"{grant.purpose}: {grant.reason}"},
            {
                "key": "Until" if grant.is_live else "Ended",
                "value": until,
                "note": f"ended by {grant.ended_by}" if grant.ended_by else "",
            },
        ],
        "end": end,
    }


OWN_HOW = HOW | {
    CaseAccess.Source.SHARE: "Shared with your team",
    CaseAccess.Source.REFERRAL: "Referred to your team",
    CaseAccess.Source.INVITATION: "Your team is invited to a meeting",
    CaseAccess.Source.TEAM: "Your team holds the file",
    CaseAccess.Source.ALLOCATION: "You are the allocated social worker",
    CaseAccess.Source.NAMED: "You are named on the restricted file",
}


def own_grant_card(grant: CaseAccess) -> dict[str, Any]:
    """A grant in words to whoever sees the file through it: what for, and not why others found it necessary."""
    source = CaseAccess.Source(grant.source)
    until = short_moment(grant.valid_until) if grant.valid_until else LASTS.get(source, "The allocation changes")
    return {
        "title": str(grant.subject.team or "You"),
        "rows": [
            {
                "key": "How",
                "value": OWN_HOW[source],
                "note": f"by {grant.granted_by.name}, {long_date(grant.valid_from)}",
            },
            {"key": "What", "value": reach(Level(grant.level), grant.labels)},
            {"key": "What for", "value": grant.purpose},
            {"key": "Until", "value": until},
        ],
    }


# How long a grant without a day lasts, where it is not as long as the allocation.
LASTS = dict.fromkeys((CaseAccess.Source.NAMED, CaseAccess.Source.EXISTENCE), "The restriction is lifted")


def decision_row(decision: DisclosureDecision) -> dict[str, str]:
    """What was given to whom, or was not, and why: a row of a table."""
    parts = ", ".join(LABEL_NAMES[label].lower() for label in Label if label in decision.labels)
    return {
        "who": decision.recipient,
        "what": f"{decision.method}: {parts}" if decision.labels else f"{decision.method}: {decision.purpose}",
        "why": decision.necessity if not decision.labels else f"{decision.purpose}: {decision.necessity}",
        "when": long_date(decision.decided_at),
        "by": decision.decided_by.name,
    }


def reach(level: Level, labels: Collection[str]) -> str:
    """How far and to which parts access goes, in words."""
    if level == Level.EXISTENCE:
        return LEVELS[level]
    if set(labels) >= SOCIAL_CARE_LABELS:
        return f"{LEVELS[level]}: everything of social care"
    return f"{LEVELS[level]}: {', '.join(LABEL_NAMES[label].lower() for label in Label if label in labels)}"


def standing_row(team: Team) -> dict[str, Any]:
    """A team with standing access to every file, as a row of a summary list."""
    where = f"{team.name}, {team.agency.name}"
    return {"key": where, "value": reach(Level(team.city_wide_level), team.city_wide_labels)}


def exclusion_row(exclusion: ConflictExclusion) -> dict[str, Any]:
    return {
        "pk": exclusion.pk,
        "who": exclusion.user.name,
        "why": exclusion.reason,
        "by": exclusion.declared_by.name,
        "since": long_date(exclusion.declared_at),
    }


# (what was read, what was done) for each action on a file.
DID: dict[str, tuple[str, str]] = {
    Action.VIEW_FILE: ("the overview", ""),
    Action.LIST_CHILDREN: ("a list or search of children", ""),
    Action.VIEW_PROFILE: ("details", ""),
    Action.EDIT_CHILD: ("the form for details", "changed details"),
    Action.VIEW_LOCATION: ("addresses", ""),
    Action.VIEW_LOCKED_LOCATION: ("confidential addresses", ""),
    Action.EDIT_LOCATION: ("the form for addresses", "changed addresses"),
    Action.VIEW_NETWORK: ("family and people", ""),
    Action.EDIT_NETWORK: ("the form for people", "changed family and people"),
    Action.VIEW_COMPLICITY: ("complicity and unsafe contact", ""),
    Action.DECIDE_COMPLICITY: ("the form for unsafe contact", "decided about unsafe contact"),
    Action.VIEW_NOTES: ("visits and notes", ""),
    Action.ADD_NOTE: ("the form for notes", "added a visit or note"),
    Action.VIEW_CONTACTS: ("contacts", ""),
    Action.RECORD_CONTACT: ("the form for contacts", "recorded a contact"),
    Action.SCREEN_CONTACT: ("the form to screen a contact", "screened a contact"),
    Action.RECORD_WARNING: ("the form for warnings", "changed a warning for visitors"),
    Action.ALLOCATE: ("the form to allocate", "allocated the file"),
    Action.SHARE: ("the form to share", "changed what is shared"),
    Action.RESTRICT: ("the form to restrict the file", "changed who is named on the restricted file"),
    Action.BREAK_GLASS: (
        "the form to open a restricted file in an emergency",
        "opened the restricted file in an emergency",
    ),
    Action.REVIEW_EMERGENCIES: ("who opened files for a reason", "reviewed why the file was opened"),
    Action.EXCLUDE: ("the form to close the file to a person", "changed who the file is closed to"),
    Action.VIEW_ACCESS: ("who can see this file", ""),
    Action.VIEW_LEDGER: ("who has looked", ""),
    Action.VIEW_DEADLINES: ("what is due", ""),
    Action.RECORD_BREACH: ("the form for a missed limit", "recorded why a limit was missed"),
    Action.VIEW_REPORTS: ("mandatory reports", ""),
    Action.OPEN_REPORT: ("the form for a mandatory report", "changed a mandatory report"),
    Action.CLOSE_REPORT: ("the form to close a report", "closed a mandatory report"),
    Action.VIEW_ASSESSMENTS: ("assessments", ""),
    Action.ASSESS: ("an assessment being written", "changed an assessment"),
    Action.AUTHORISE_ASSESSMENT: ("the form to authorise an assessment", "authorised an assessment"),
    Action.VIEW_TIER: ("the tier", ""),
    Action.VIEW_TIER_REASONS: ("the tier decisions", ""),
    Action.DECIDE_TIER: ("the page to decide the tier", "decided the tier"),
    Action.ANSWER_LOW: ("the page to agree a low tier", "answered a proposal of low"),
    Action.VIEW_PLAN: ("the plan", ""),
    Action.EDIT_PLAN: ("the form for the plan", "changed the plan"),
    Action.APPROVE_PLAN: ("the form to approve the plan", "approved the plan"),
    Action.VIEW_ITEMS: ("actions of the plan", ""),
    Action.WORK_ON_ITEM: ("the form for an action", "updated an action of the plan"),
    Action.VIEW_SAFETY_PLAN: ("the safety plan", ""),
    Action.EDIT_SAFETY_PLAN: ("the form for the safety plan", "changed the safety plan"),
    Action.VIEW_COPIES: ("copies of the plan", ""),
    Action.MAKE_COPY: ("the form for a copy", "made a copy of the plan"),
    Action.VIEW_SUBJECT_ACCESS: ("requests to see the record", ""),
    Action.PREPARE_SUBJECT_ACCESS: (
        "the answer to a request to see the record",
        "worked on a request to see the record",
    ),
    Action.RELEASE_SUBJECT_ACCESS: (
        "the page to give out the record",
        "decided on a request to see the record",
    ),
    Action.CONSIDER_TRANSITION: ("the form for transition", "considered transition"),
    Action.PROPOSE_CLOSING: ("the form to propose closing", "proposed that the file be closed"),
    Action.CLOSE_CASE: ("the form to close the file", "decided on closing the file"),
    Action.REOPEN_CASE: ("the form to open the file again", "opened the file again"),
    Action.VIEW_MEETINGS: ("meetings", ""),
    Action.VIEW_TASKING: ("the tasking list", ""),
    Action.ARRANGE_MEETING: ("the form to arrange a meeting", "arranged a meeting"),
    Action.RECORD_MEETING: ("the record of a meeting", "recorded a meeting"),
    Action.REPLY_TO_INVITATION: ("the form to reply to an invitation", "replied to an invitation"),
    Action.HOLD_THRESHOLD_DISCUSSION: ("the form for the threshold discussion", "recorded the threshold discussion"),
    Action.VIEW_REFERRALS: ("referrals", ""),
    Action.SEND_REFERRAL: ("the form for a referral", "changed a referral"),
    Action.ANSWER_REFERRAL: ("the form to answer a referral", "answered a referral"),
    Action.ESCALATE: ("the form for the escalation route", "changed the escalation route"),
    Action.SEND_INFORMATION: ("the form to tell the police", "sent information to the police"),
    Action.OPEN_CASE: ("", "opened the file"),
    Action.RECEIVE_INFORMATION: ("information sent to the police", "answered information as police"),
    Action.STATE_REASON: ("", "gave a reason to open this file"),
    Action.DECLARE_CONFLICT: ("the form to say that they know the family", "closed the file to themselves"),
    Action.SEARCH_LEDGER: ("lines of the ledger", ""),
}
STARTS = {
    AuditEvent.Kind.READ: "Looked at",
    AuditEvent.Kind.LIST: "Saw",
    AuditEvent.Kind.DENIED: "Was refused",
    AuditEvent.Kind.NOT_FOUND: "Tried, and was shown nothing:",
}


def what_was_done(event: AuditEvent) -> str:
    """A line of the ledger as a sentence without its person."""
    read, done = DID.get(event.action, ("", ""))
    if event.kind == AuditEvent.Kind.WRITE:
        return (done or event.action.replace("_", " ")).capitalize()
    start = STARTS.get(AuditEvent.Kind(event.kind), AuditEvent.Kind(event.kind).label)
    return f"{start} {read or done or event.action.replace('_', ' ')}"


def ledger_row(event: AuditEvent, people: Mapping[int, User]) -> dict[str, str]:
    """A line of the ledger in words."""
    person: Any = people.get(event.principal_id or 0)
    return {
        "who": person.name if person else "Nobody signed in",
        "where": person.agency_name or "" if person else "",
        "at": short_moment(event.at),
        "what": what_was_done(event),
    }


def alert_row(alert: ReadingAlert, *, by: User) -> dict[str, Any]:
    """Unusual reading in words, and whether this auditor may answer it."""
    day = {"since_day": alert.day.day, "since_month": alert.day.month, "since_year": alert.day.year}
    until = {"until_day": alert.day.day, "until_month": alert.day.month, "until_year": alert.day.year}
    lines = urlencode({"who": alert.person.username, **day, **until})
    return {
        "pk": alert.pk,
        "who": alert.person.name,
        "what": f"{alert.get_pattern_display()}: {alert.amount}",
        "when": short_moment(alert.last_at),
        "lines": f"{reverse('ledger')}?{lines}",
        "answer": alert.answer,
        "answered": f"{alert.answered_by.name}, {short_moment(alert.answered_at)}" if alert.answered_by else "",
        "may_answer": alert.answered_by is None and alert.person_id != by.pk,
    }


def ledger_search_row(event: AuditEvent, people: Mapping[int, User], files: Mapping[UUID, CaseFile]) -> dict[str, Any]:
    """A line of the ledger as an auditor finds it: with its file, what was typed or wanted, and from where."""
    file, listed = files.get(event.case_id) if event.case_id else None, len(event.case_ids or ())
    return {
        **ledger_row(event, people),
        "claimed": event.claimed_user,
        "reference": file.reference if file else "",
        "href": reverse("who_has_looked", args=[file.pk]) if file else "",
        "listed": counted(listed, "child", "children") if listed else "",
        "detail": event.detail,
        "address": event.address or "",
    }
