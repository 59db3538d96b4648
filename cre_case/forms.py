"""Forms of the pages that look across packages."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from access.models import AuditEvent, CaseAccess, CaseFile, DisclosureDecision
from access.parts import LABEL_NAMES, Label
from access.roles import SHAREABLE_LABELS, Action, Level
from access.selectors import LedgerQuery
from access.services import GROUNDS_NOT_TO_SHARE
from accounts.models import Team, User
from accounts.roles import AgencyKind
from assessments.models import TIERS_OR_NONE
from children.models import Child
from cre_case.selectors import NO_TIER, NOBODY, WAITS_FOR_CPM, AgeBand, Filters, person_called
from ui import forms

SHORTEST_REASON = 10
LONGEST_SHARE_DAYS = 364
PURPOSES = (
    "Keeping the child safe now",
    "Direct work with the child or family",
    "Multi-agency meeting or plan",
    "Looking for a missing child",
    "Police investigation or disruption",
    "Health or therapeutic support",
    "Support in education",
)
NOT_SEEN, SEEN = "not", "seen"
LAST_SEEN = (
    ("", "Any time"),
    *((f"{NOT_SEEN}-{days}", f"Not in the last {days} days") for days in (7, 14, 28, 42)),
    *((f"{SEEN}-{days}", f"In the last {days} days") for days in (7, 14, 28)),
)
SEND_CHOICES = (
    ("", "Any"),
    ("protected", "Recorded or suspected"),
    (Child.SendStatus.RECORDED, "Recorded"),
    (Child.SendStatus.SUSPECTED, "Suspected"),
    (Child.SendStatus.NONE, "No SEND"),
    (Child.SendStatus.NOT_KNOWN, "Not known yet"),
)
TIER_CHOICES = (
    ("", "Any"),
    *TIERS_OR_NONE,
    (WAITS_FOR_CPM, "Waiting for a Child Protection Manager"),
    (NO_TIER, "Not assessed"),
)
DUE_CHOICES = (("", "Any time"), ("overdue", "Overdue"), ("2", "In the next 2 days"), ("7", "In the next 7 days"))
AGES = (
    ("", "Any age"),
    (AgeBand.UNDER_13, "Under 13"),
    (AgeBand.FROM_13, "13 to 15"),
    (AgeBand.FROM_16, "16 and 17"),
    (AgeBand.ADULT, "18 and over"),
    (AgeBand.NOT_KNOWN, "Age not known"),
)


def offer(form: forms.PlainForm, name: str, choices: list[tuple[str, str]]) -> None:
    """Gives a field the choices that only the view knows."""
    field: Any = form.fields[name]
    field.choices = choices


class FilterForm(forms.PlainForm):
    """What a worklist is narrowed to. What makes no sense in an address narrows nothing."""

    q = forms.CharField(label="Name or reference", max_length=100, required=False, optional_mark=False)
    tier = forms.SelectField(label="Tier", choices=TIER_CHOICES, required=False, optional_mark=False)
    due = forms.SelectField(label="Due", choices=DUE_CHOICES, required=False, optional_mark=False)
    send = forms.SelectField(label="SEND", choices=SEND_CHOICES, required=False, optional_mark=False)
    age = forms.SelectField(label="Age", choices=AGES, required=False, optional_mark=False)
    seen = forms.SelectField(label="Last seen", choices=LAST_SEEN, required=False, optional_mark=False)
    lead = forms.SelectField(label="Social worker", choices=[], required=False, optional_mark=False)

    def __init__(self, data: Any, *, leads: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        people = [(str(user.pk), user.name) for user in leads]
        offer(self, "lead", [("", "Anybody"), (NOBODY, "Nobody: not allocated"), *people])
        self.full_clean()

    @property
    def kept(self) -> dict[str, str]:
        """What the address keeps from page to page and from tab to tab."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    @property
    def filters(self) -> Filters:
        kept = self.kept
        about, _, days = kept.get("seen", "").partition("-")
        return Filters(
            words=kept.get("q", ""),
            tier=kept.get("tier", ""),
            due=kept.get("due", ""),
            send=kept.get("send", ""),
            age=kept.get("age", ""),
            lead=kept.get("lead", ""),
            not_seen_for=int(days) if about == NOT_SEEN else None,
            seen_within=int(days) if about == SEEN else None,
        )


class LedgerForm(forms.PlainForm):
    """What an auditor looks for in the ledger."""

    who = forms.CharField(label="User name", max_length=60, width=20, required=False, optional_mark=False)
    reference = forms.CharField(
        label="File", help_text="Its reference, like CRE-000123", max_length=20, width=10, required=False,
        optional_mark=False,
    )  # fmt: skip
    kind = forms.SelectField(
        label="What", choices=[("", "Anything"), *AuditEvent.Kind.choices], required=False, optional_mark=False
    )
    since = forms.DateField(label="From", required=False, optional_mark=False)
    until = forms.DateField(label="Until the end of", required=False, optional_mark=False)

    def __init__(self, data: Any, *, by: User) -> None:
        super().__init__(data)
        self.by = by

    def clean_who(self) -> int | None:
        name = self.cleaned_data["who"].lower()
        found = User.objects.filter(username=name).values_list("pk", flat=True).first()
        if name and found is None:
            raise ValidationError("User name must be one that an account has or had. Look in who has looked at a file.")
        return found

    def clean_reference(self) -> Any:
        typed = self.cleaned_data["reference"].strip().upper()
        files = CaseFile.objects.allowing(self.by, Action.VIEW_FILE)
        found = files.filter(reference=typed).values_list("pk", flat=True).first() if typed else None
        if typed and found is None:
            raise ValidationError("File must be the reference of a file, like CRE-000123.")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Until the end of must be the same day as From, or later.")
        return cleaned

    @property
    def query(self) -> LedgerQuery:
        typed = self.cleaned_data
        return LedgerQuery(
            who=typed["who"],
            case=typed["reference"],
            kind=typed["kind"] or None,
            since=start_of(typed["since"]) if typed["since"] else None,
            until=start_of(typed["until"] + timedelta(days=1)) if typed["until"] else None,
        )


def start_of(day: date) -> datetime:
    """The first moment of a day in London."""
    return timezone.make_aware(datetime.combine(day, clock_time.min))


class SearchForm(forms.PlainForm):
    q = forms.CharField(
        label="Name, reference or NHS number", max_length=100, width=30,
        help_text="The beginning of a name is enough, and it may be misspelt",
        error_messages={"required": "Enter a name, a reference or an NHS number"},
    )  # fmt: skip


class AllocateForm(forms.Form):
    """One choice: a person in a team."""

    worker = forms.SelectField(label="Social worker", choices=[], error_messages={"required": "Select a social worker"})
    reason = forms.CharField(
        label="Why this worker", max_length=500, error_messages={"required": "Say why you chose this worker"}
    )

    def __init__(self, data: Any = None, *, workers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        offer(self, "worker", [("", "Choose a social worker"), *workers])


def end_of_share(day: date) -> datetime:
    """The end of the last day of a share, if that is one.

    Raises:
        ValidationError: it has passed, or is more than a year away.
    """
    today = timezone.localdate()
    if not today <= day <= today + timedelta(days=LONGEST_SHARE_DAYS):
        raise ValidationError("Until must be today or later, and within a year")
    return timezone.make_aware(datetime.combine(day, clock_time(23, 59, 59)))


def one_person(typed: str) -> User:
    """The one account with this name or sign-in name.

    Raises:
        ValidationError: there is none, or several.
    """
    called = person_called(typed)
    if not called:
        raise ValidationError("Nobody with an account has this name. Check it, or ask for the sign-in name")
    if len(called) > 1:
        known = "; ".join(f"{user.username} ({user.job_title or 'no job title'})" for user in called)
        raise ValidationError(f"Several people have this name. Enter the sign-in name: {known}")
    return called[0]


class ShareForm(forms.Form):
    """What is shared with which team, why and until when: never without (DOMAIN 5.2)."""

    team = forms.SelectField(label="Team", choices=[], error_messages={"required": "Select a team"})
    labels = forms.CheckboxesField(
        label="Parts of the file", help_text="The child’s name, age and lead worker are always part of it.",
        choices=[], required=False, optional_mark=False,
    )  # fmt: skip
    level = forms.RadioField(
        label="What they may do",
        choices=[
            (str(Level.EXISTENCE.value), "Only know that there is a file, and whom to ask"),
            (str(Level.VIEW.value), "Look"),
            (str(Level.WORK.value), "Look, and add notes of their own"),
        ],
        error_messages={"required": "Select what they may do"},
    )
    purpose = forms.SelectField(
        label="Purpose", choices=[("", "Choose a purpose"), *((one, one) for one in PURPOSES)],
        error_messages={"required": "Select a purpose"},
    )  # fmt: skip
    lawful_basis = forms.RadioField(
        label="Lawful basis", choices=CaseAccess.LawfulBasis.choices, initial=CaseAccess.LawfulBasis.PUBLIC_TASK
    )
    reason = forms.TextField(
        label="Why this is necessary, and no more than necessary", max_length=2000,
        help_text="A child’s safety outranks privacy. Consent is not needed where a child is at risk.",
        error_messages={"required": "Say why this is necessary"},
    )  # fmt: skip
    agreement = forms.RadioField(
        label="Do the child and family agree?", choices=DisclosureDecision.Agreement.choices,
        initial=DisclosureDecision.Agreement.NOT_ASKED, small=True,
    )  # fmt: skip
    safe_to_tell_family = forms.YesField(label="It is safe to tell the family about this share", required=False)
    until = forms.DateField(label="Until", help_text="The share ends at the end of this day. At most a year ahead.")

    def __init__(
        self, data: Any = None, *, teams: list[Team], held: frozenset[Label], is_restricted: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **kwargs)
        if is_restricted:  # a team may know that there is a file, and no more
            del self.fields["labels"]
            level: Any = self.fields["level"]
            level.choices = level.choices[:1]
        self.teams = {str(team.pk): team for team in teams}
        offer(self, "team", [("", "Choose a team"), *((key, str(team)) for key, team in self.teams.items())])
        parts = [label for label in Label if label in held and label is not Label.CORE]
        if not is_restricted:
            offer(self, "labels", [(str(label), LABEL_NAMES[label]) for label in parts])

    def clean_until(self) -> datetime:
        return end_of_share(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        team = self.teams.get(cleaned.get("team", ""))
        refused = self.refused(team, cleaned.get("labels", [])) if team else ""
        if refused:
            self.add_error("labels", refused)
        return cleaned

    @staticmethod
    def refused(team: Team, labels: list[str]) -> str:
        """Which of the parts that kind of agency may not hold, as a sentence."""
        never = {Label(label) for label in labels} - SHAREABLE_LABELS[AgencyKind(team.agency.kind)]
        named = ", ".join(LABEL_NAMES[label].lower() for label in Label if label in never)
        return f"{team.agency.name} may not be given: {named}. Take the tick away" if named else ""


class ExcludeForm(forms.Form):
    person = forms.CharField(
        label="Name or sign-in name of the person", max_length=120,
        help_text="Anybody with an account. They are not told that this file exists.",
        error_messages={"required": "Enter the name or sign-in name of the person"},
    )  # fmt: skip
    reason = forms.CharField(
        label="What the conflict is", max_length=500, error_messages={"required": "Say what the conflict is"}
    )

    def clean_person(self) -> User:
        return one_person(self.cleaned_data["person"])


class NotSharedForm(forms.Form):
    """What was asked for and is not given: never without a reason (DOMAIN 5.1)."""

    recipient = forms.CharField(
        label="Who asked", max_length=200, help_text="Their name and where they work",
        error_messages={"required": "Enter who asked"},
    )  # fmt: skip
    asked_for = forms.CharField(
        label="What they asked for", max_length=200, error_messages={"required": "Say what they asked for"}
    )
    ground = forms.RadioField(
        label="Why it is not shared", choices=[(one, one) for one in GROUNDS_NOT_TO_SHARE],
        error_messages={"required": "Select why it is not shared"},
    )  # fmt: skip
    reason = forms.TextField(
        label="In this case", max_length=1500, rows=3, error_messages={"required": "Say why in this case"}
    )


class ConflictForm(forms.Form):
    reason = forms.CharField(
        label="How you know the child or family", max_length=500,
        help_text="A manager of the file reads it. You will not.",
        error_messages={"required": "Say how you know the child or family"},
    )  # fmt: skip


class AnswerAlertForm(forms.Form):
    answer = forms.TextField(
        label="What it was for, and what you did", max_length=2000, rows=4,
        error_messages={"required": "Say what you found out"},
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.TextField(
        label="Why do you need to open this file?", max_length=500, rows=3,
        error_messages={"required": "Say why you need to open this file"},
        help_text="Your reason is kept, and the people who work with the child can read it.",
    )  # fmt: skip

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if len(reason) < SHORTEST_REASON:
            raise ValidationError("Say in a sentence why you need to open this file")
        return reason


class ConfirmForm(forms.Form):
    """Nothing to fill in: one button."""


class BreachForm(forms.Form):
    reason = forms.TextField(
        label="Reason", help_text="What stood in the way, and what is being done now. It is kept for good.",
        max_length=2000,
    )  # fmt: skip
