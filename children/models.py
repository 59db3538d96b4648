from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models import CaseRecord, VersionedRecord
from access.parts import Own
from access.querysets import CaseRecordQuerySet
from accounts.models import Agency, User


def one_of(field: str, values: list[str], name: str) -> models.CheckConstraint:
    """Only a value that the rules know: an unknown one would slip between them."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def said(field: str, name: str) -> models.CheckConstraint:
    """The text is not empty."""
    return models.CheckConstraint(condition=~Q(**{field: ""}), name=name)


class Contact(CaseRecord):
    """How a case begins, and any later contact about the child (ruling Q28).

    `received_at` is when the council was told, not when it was typed in: the statutory clocks run from it.
    """

    class Method(models.TextChoices):
        PHONE = "phone", "Phone call"
        EMAIL = "email", "Email"
        FORM = "form", "Referral form or letter"
        IN_PERSON = "in_person", "In person"
        POLICE_NOTIFICATION = "police_notification", "Police notification"

    class Source(models.TextChoices):
        """Who told us, in the groups of the children in need census."""

        FAMILY = "family", "Family member, carer or the child"
        OTHER_PERSON = "other_person", "Neighbour, friend or other person"
        SCHOOL = "school", "School or college"
        HEALTH = "health", "Health"
        POLICE = "police", "Police"
        COUNCIL = "council", "Council service"
        VOLUNTARY = "voluntary", "Voluntary organisation"
        ANONYMOUS = "anonymous", "Anonymous"
        OTHER = "other", "Other"

    class Outcome(models.TextChoices):
        RECEIVED = "received", "Waiting to be screened"
        ACCEPTED = "accepted", "Accepted"
        SCREENED_OUT = "screened_out", "No further action"
        LINKED = "linked", "Added to a child’s file"

    received_at = models.DateTimeField()
    method = models.CharField(max_length=30, choices=Method)
    source = models.CharField(max_length=30, choices=Source)
    from_name = models.CharField(max_length=120, blank=True)
    from_agency = models.CharField(max_length=120, blank=True)
    from_phone = models.CharField(max_length=30, blank=True)
    child_given_names = models.CharField(max_length=100, blank=True)
    child_family_name = models.CharField(max_length=100, blank=True)
    child_date_of_birth = models.DateField(null=True, blank=True)
    child_address = models.CharField(max_length=300, blank=True)
    details = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.RECEIVED)
    screening_reason = models.TextField(blank=True)
    screened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    screened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(screened_by__isnull=True, screened_at__isnull=True)
                | Q(screened_by__isnull=False, screened_at__isnull=False),
                name="contact_screened_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(outcome="received", screened_at__isnull=True)
                | (~Q(outcome="received") & Q(screened_at__isnull=False)),
                name="contact_outcome_means_screened",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="screened_out") | ~Q(screening_reason=""), name="contact_screened_out_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(received_at__lte=F("recorded_at")), name="contact_received_before_recorded"
            ),
            said("details", "contact_says_something"),
            one_of("outcome", ["received", "accepted", "screened_out", "linked"], "contact_known_outcome"),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(outcome="received"), name="contact_waiting"),
            models.Index(fields=["case"], name="contact_of_case"),
        ]

    def __str__(self) -> str:
        return f"Contact {self.pk}"


class Child(VersionedRecord):
    """The child a file is about. What every holder of the file may see; the rest is in `ChildProfile`."""

    class SendStatus(models.TextChoices):
        """SEND in the sense of BR-01: RECORDED or SUSPECTED each protect the child from a low tier."""

        NOT_KNOWN = "not_known", "Not known yet"
        NONE = "none", "No SEND"
        SUSPECTED = "suspected", "SEND suspected or awaiting assessment"
        RECORDED = "recorded", "SEND recorded"

    given_names = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    known_as = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    date_of_birth_estimated = models.BooleanField(default=False)
    send_status = models.CharField(max_length=20, choices=SendStatus, default=SendStatus.NOT_KNOWN)
    communication_needs = models.CharField(max_length=500, blank=True)
    home_authority = models.CharField(max_length=80, default="Derby City Council")
    host_authority = models.CharField(max_length=80, default="Derby City Council")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="child_one_per_file"),
            models.CheckConstraint(condition=~Q(given_names="") & ~Q(family_name=""), name="child_has_a_name"),
            one_of("send_status", ["not_known", "none", "suspected", "recorded"], "child_known_send_status"),
        ]
        verbose_name_plural = "children"

    def __str__(self) -> str:
        return f"{self.known_as or self.given_names} {self.family_name}"


class ChildProfile(VersionedRecord):
    """Identifiers and demographics. Identifiers are not unique keys: a unique key would tell of hidden files."""

    class Sex(models.TextChoices):
        FEMALE = "F", "Female"
        MALE = "M", "Male"
        NOT_KNOWN = "U", "Not known"

    nhs_number = models.CharField("NHS number", max_length=10, blank=True)
    upn = models.CharField("UPN", max_length=13, blank=True)
    external_id = models.CharField("council system number", max_length=40, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.NOT_KNOWN)
    gender_identity = models.CharField(max_length=80, blank=True)
    ethnicity = models.CharField(max_length=4, blank=True)
    first_language = models.CharField(max_length=60, blank=True)
    interpreter_needed = models.BooleanField(default=False)
    school = models.CharField(max_length=120, blank=True)
    disabilities = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    send_basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="profile_one_per_file"),
            models.CheckConstraint(
                condition=Q(nhs_number="") | Q(nhs_number__regex="^[0-9]{10}$"), name="profile_nhs_number_shape"
            ),
            models.CheckConstraint(
                condition=Q(upn="") | Q(upn__regex="^[A-Z][0-9]{11}[0-9A-Z]$"), name="profile_upn_shape"
            ),
        ]
        indexes = [
            models.Index(fields=["nhs_number"], name="profile_by_nhs_number"),
            models.Index(fields=["upn"], name="profile_by_upn"),
        ]

    def __str__(self) -> str:
        return f"Profile of {self.case_id}"


class Alias(CaseRecord):
    """Another name the child is or was known by."""

    name = models.CharField(max_length=120)
    note = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case"], name="alias_of_case")]
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        return self.name


class NameKey(CaseRecord):
    """One key under which the child is found (see `children.names`)."""

    key = models.CharField(max_length=100, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["key", "case"], name="name_key")]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="name_key_once_per_file")]

    def __str__(self) -> str:
        return self.key


class Address(VersionedRecord):
    """Where the child lives or may be found. A confidential one has a label, and so a lock, of its own."""

    class Kind(models.TextChoices):
        HOME = "home", "Home"
        PLACEMENT = "placement", "Placement"
        OTHER = "other", "Other address"

    kind = models.CharField(max_length=20, choices=Kind)
    lines = models.CharField(max_length=300)
    postcode = models.CharField(max_length=8, blank=True)
    confidential = models.BooleanField(default=False)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case"], name="address_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="address_ends_after_start"
            )
        ]
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return f"{self.lines} {self.postcode}".strip()


class OtherPlan(VersionedRecord):
    """Another plan the child has, which the CRE plan must fit (BR-14)."""

    class Kind(models.TextChoices):
        EHC_PLAN = "ehc_plan", "Education, health and care plan"
        EARLY_HELP = "early_help", "Early help plan"
        CHILD_IN_NEED = "child_in_need", "Child in need plan"
        CHILD_PROTECTION = "child_protection", "Child protection plan"
        LOOKED_AFTER = "looked_after", "Looked-after child, care plan"
        PATHWAY = "pathway", "Pathway plan"
        YOUTH_JUSTICE = "youth_justice", "Youth justice plan"
        OTHER = "other", "Other plan"

    kind = models.CharField(max_length=20, choices=Kind)
    lead = models.CharField(max_length=120, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case"], name="other_plan_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="other_plan_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Person(VersionedRecord):
    """A carer, relative or other person around the child. Known on this file only: never shared across files."""

    class Relationship(models.TextChoices):
        MOTHER = "mother", "Mother"
        FATHER = "father", "Father"
        STEP_PARENT = "step_parent", "Step-parent or parent’s partner"
        FOSTER_CARER = "foster_carer", "Foster carer"
        RESIDENTIAL_WORKER = "residential_worker", "Residential worker"
        GRANDPARENT = "grandparent", "Grandparent"
        SIBLING = "sibling", "Brother or sister"
        OTHER_RELATIVE = "other_relative", "Other relative"
        FRIEND = "friend", "Friend or peer"
        OTHER = "other", "Other person"

    class YesNoUnknown(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_KNOWN = "not_known", "Not known yet"

    safety: ContactSafetyDecision | None  # the latest decision, set by `children.selectors.people_of`

    name = models.CharField(max_length=120)
    relationship = models.CharField(max_length=30, choices=Relationship)
    is_carer = models.BooleanField(default=False)
    parental_responsibility = models.CharField(max_length=10, choices=YesNoUnknown, default=YesNoUnknown.NOT_KNOWN)
    lives_with_child = models.CharField(max_length=10, choices=YesNoUnknown, default=YesNoUnknown.NOT_KNOWN)
    is_adult = models.BooleanField(default=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    interpreter = models.CharField(max_length=60, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case"], name="person_of_case")]
        constraints = [said("name", "person_has_a_name")]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name


class ContactSafetyDecision(CaseRecord):
    """Whether a person may be contacted, told and invited (BR-08, ruling Q5). Append-only: the latest counts.

    Complicity and "unsafe" are different things: an unsafe parent is invited apart, a complicit one not at all.
    """

    class Complicity(models.TextChoices):
        NOT_CONSIDERED = "not_considered", "Not considered complicit"
        SUSPECTED = "suspected", "Suspected: hold each invitation and document"
        CONSIDERED_COMPLICIT = "considered_complicit", "Considered complicit: never invited or sent anything"
        CLEARED = "cleared", "Cleared after being considered"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    complicity = models.CharField(max_length=30, choices=Complicity)
    unsafe_to_contact = models.BooleanField(default=False)
    unsafe_to_meet_together = models.BooleanField(default=False)
    reason = models.TextField()
    legal_advice_taken = models.BooleanField(default=False)
    review_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case", "person", "-decided_at"], name="contact_safety_latest")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="contact_safety_has_a_reason"),
            models.CheckConstraint(
                condition=Q(
                    complicity__in=["not_considered", "cleared"], unsafe_to_contact=False, unsafe_to_meet_together=False
                )
                | Q(review_on__isnull=False),
                name="contact_safety_has_a_review_date",
            ),
            models.CheckConstraint(
                condition=Q(review_on__isnull=True) | Q(review_on__gt=F("decided_at__date")),
                name="contact_safety_reviewed_later",
            ),
            one_of(
                "complicity",
                ["not_considered", "suspected", "considered_complicit", "cleared"],
                "contact_safety_known_complicity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complicity} for {self.person_id}"


class WorkerSafetyWarning(CaseRecord):
    """What anyone who visits must know (ruling Q26), without what it comes from."""

    advice = models.CharField(max_length=300)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case"], condition=Q(ended_at__isnull=True), name="warning_live")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="warning_ended_by_and_when",
            ),
            said("advice", "warning_says_something"),
        ]

    def __str__(self) -> str:
        return self.advice


class WorkerSafetyReason(CaseRecord):
    """What a warning comes from: for social care only."""

    warning = models.ForeignKey(WorkerSafetyWarning, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    class Meta:
        constraints = [said("reason", "warning_reason_says_something")]

    def __str__(self) -> str:
        return f"Reason of warning {self.warning_id}"


class CaseNote(CaseRecord):
    """What happened, when, and when it was written down. Append-only: a correction is a new note.

    An agency outside social care reads and adds its own notes only.
    """

    class Kind(models.TextChoices):
        NOTE = "note", "Case note"
        VISIT = "visit", "Visit"
        PHONE_CALL = "phone_call", "Phone call"
        MANAGER = "manager", "Management decision"

    class Seen(models.TextChoices):
        ALONE = "alone", "Seen alone"
        WITH_OTHERS = "with_others", "Seen with others present"
        NOT_SEEN = "not_seen", "Not seen"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    kind = models.CharField(max_length=20, choices=Kind)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    seen = models.CharField(max_length=20, choices=Seen, blank=True)
    child_words = models.TextField(blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["case", "-happened_at"], name="note_of_case"),
            models.Index(
                fields=["case", "-happened_at"], condition=Q(seen__in=["alone", "with_others"]), name="note_last_seen"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="visit", seen__in=["alone", "with_others", "not_seen"])
                | (~Q(kind="visit") & Q(seen="")),
                name="note_visit_says_whether_seen",
            ),
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("recorded_at")), name="note_happened_before_recorded"
            ),
            said("text", "note_says_something"),
            one_of("kind", ["note", "visit", "phone_call", "manager"], "note_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at:%d %B %Y}"


class DuplicateAlert(models.Model):
    """Two files that may be about one child, where the worker who made one may not see the other (ruling Q20).

    Shown by reference only, to the teams that receive contacts. Written by `sec.flag_hidden_duplicates` alone.
    """

    case = models.ForeignKey("access.CaseFile", on_delete=models.PROTECT, related_name="+")
    other_case = models.ForeignKey("access.CaseFile", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other_case"], name="duplicate_alert_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
                name="duplicate_alert_closed_by_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Duplicate alert {self.pk}"


class Moment(models.Model):
    """One thing that happened on a file: a view of the records it was written down in, so nothing is kept twice.

    The view reads each table as whoever asks, so the second wall stands; start from `allowing`, as with any record.
    `id` is that of the record, so two moments may share one. For a day without an hour, `at` is its beginning.
    """

    own_by = CaseNote.own_by

    case = models.UUIDField(db_column="case_id")  # no foreign key: a view has no row that could point to a file
    kind = models.TextField()
    event = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    text = models.TextField()
    code = models.TextField()
    detail = models.TextField()
    author = models.ForeignKey(User, on_delete=models.DO_NOTHING, null=True, related_name="+")  # of a note
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, null=True, related_name="+")  # of a note

    objects = CaseRecordQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "children_moment"

    def __str__(self) -> str:
        return f"{self.event} {self.at:%d %B %Y}"
