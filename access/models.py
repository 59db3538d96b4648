from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.parts import Label, Own
from access.querysets import CaseQuerySet, CaseRecordQuerySet
from access.roles import Level
from accounts.models import Subject, Team, User


class CaseFile(models.Model):
    """The unit that is opened, shared and closed to a person. Each case table carries a key to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True, editable=False)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # These are set by the database's own functions alone: `sec.close_case`, `sec.restrict_case` and their opposites.
    closed_at = models.DateTimeField(null=True, editable=False)
    restricted_at = models.DateTimeField(null=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]

    def __str__(self) -> str:
        return self.reference


class CaseRecord(models.Model):
    """Anything that belongs to one file. `own_by`: the columns that make a row somebody's own (see `Own`)."""

    own_by: ClassVar[Mapping[str, Own]] = {}

    case = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")

    objects = CaseRecordQuerySet.as_manager()

    class Meta:
        abstract = True


class VersionedRecord(CaseRecord):
    """A record two people may edit: a save names the version it started from (see `access.versions`)."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class CaseAccess(CaseRecord):
    """Who may open a file, how far, why and until when. The only source of access there is.

    Written by the database's own functions alone (`sec.open_case`, `sec.grant_access`, ...).
    """

    class Source(models.TextChoices):
        TEAM = "team", "Team"
        ALLOCATION = "allocation", "Allocation"
        SHARE = "share", "Shared"
        REFERRAL = "referral", "Referral"
        INVITATION = "invitation", "Invited to a meeting"
        OVERSIGHT = "oversight", "Oversees the work"
        STATED_REASON = "stated_reason", "City-wide access, with a reason"
        NAMED = "named", "Named on a restricted file"
        EXISTENCE = "existence", "Knows that there is a file"
        BREAK_GLASS = "break_glass", "Opened in an emergency"

    class LawfulBasis(models.TextChoices):
        PUBLIC_TASK = "public_task", "Public task, UK GDPR article 6(1)(e)"
        LEGAL_OBLIGATION = "legal_obligation", "Legal obligation, UK GDPR article 6(1)(c)"
        LEGITIMATE_INTERESTS = "legitimate_interests", "Legitimate interests, UK GDPR article 6(1)(f)"

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Level])
    labels = ArrayField(models.CharField(max_length=30))
    source = models.CharField(max_length=20, choices=Source)
    purpose = models.CharField(max_length=200)
    lawful_basis = models.CharField(max_length=30, choices=LawfulBasis)
    reason = models.TextField()
    valid_from = models.DateTimeField(db_default=Now())
    valid_until = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "case"], name="access_by_subject"),
            models.Index(fields=["case", "subject"], name="access_by_case"),
            models.Index(fields=["subject"], condition=Q(level=0), name="access_existence"),
            models.Index(
                fields=["-valid_from"],
                condition=Q(source__in=["stated_reason", "break_glass"]),
                name="access_emergency",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(labels__contained_by=[str(x) for x in Label]), name="access_known_labels"
            ),
            models.CheckConstraint(condition=Q(labels__contains=[str(Label.CORE)]), name="access_always_names_core"),
            models.CheckConstraint(condition=~Q(reason=""), name="access_has_a_reason"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="access_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=False)
                | Q(source__in=["team", "allocation", "oversight", "named", "existence"]),
                name="access_shared_always_ends",
            ),
            models.CheckConstraint(
                condition=Q(level__gt=0) | Q(labels=[str(Label.CORE)], source__in=["existence", "share"]),
                name="access_existence_is_no_more",
            ),
            models.CheckConstraint(condition=~Q(source="existence") | Q(level=0), name="access_of_existence_only"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} on {self.case_id}"


class Allocation(CaseRecord):
    """The worker who leads on a file. One at a time; history is kept."""

    worker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    allocated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="allocation_one_current"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="allocation_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["worker"], condition=Q(ended_at__isnull=True), name="allocation_by_worker")]

    def __str__(self) -> str:
        return f"{self.worker_id} leads {self.case_id}"


class ConflictExclusion(CaseRecord):
    """A person to whom a file is closed whatever they hold: a relative, a neighbour, a suspect's colleague."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(ended_at__isnull=True), name="exclusion_open_once"
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(ended_at__isnull=True), name="exclusion_by_user")]

    def __str__(self) -> str:
        return f"{self.user_id} excluded from {self.case_id}"


class Restriction(CaseRecord):
    """Why a file is open to named people alone, and what its teams held before (DOMAIN 5.3).

    Written by `sec.restrict_case` and `sec.lift_restriction` alone. Only who may restrict the file reads it: the banner
    that everybody named sees never says why.
    """

    class Ground(models.TextChoices):
        STAFF = "staff", "A member of staff, or a relative of one"
        ADOPTION = "adoption", "Adoption"
        WITNESS_PROTECTION = "witness_protection", "Witness protection"
        HONOUR_BASED = "honour_based", "Forced marriage, FGM or honour-based abuse"
        PREVENT = "prevent", "Prevent"
        POLICE_OPERATION = "police_operation", "A police operation"
        COMPLICIT_STAFF = "complicit_staff", "A parent believed complicit works for an agency"
        HIGH_PROFILE = "high_profile", "A child or family of public interest"

    ground = models.CharField(max_length=20, choices=Ground)
    reason = models.TextField()
    restricted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    restricted_at = models.DateTimeField(db_default=Now())
    held = models.JSONField()  # the grants it ended, as rows
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.TextField(blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(lifted_at__isnull=True), name="restriction_one_open"),
            models.CheckConstraint(condition=~Q(reason=""), name="restriction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="restriction_lifted_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"Restriction of {self.case_id}"


class EmergencyReview(CaseRecord):
    """What an auditor found about one opening of a file without a grant of the file's own: for a stated reason by
    standing access, or in an emergency. Written by `sec.review_emergency` alone, once, never by who opened it.
    """

    access = models.OneToOneField(CaseAccess, on_delete=models.PROTECT, related_name="+")
    was_needed = models.BooleanField()
    finding = models.TextField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(finding=""), name="review_says_what_was_found")]

    def __str__(self) -> str:
        return f"Review of {self.access_id}"


class DisclosureDecision(CaseRecord):
    """What was given to somebody outside, or was not, and why (DOMAIN 5.2). Append-only.

    Every copy, referral and share makes one. `labels` are the record parts given; none where nothing was.
    """

    class Agreement(models.TextChoices):
        AGREED = "agreed", "Agreed"
        NOT_ASKED = "not_asked", "Not asked: not safe, or not needed"
        REFUSED = "refused", "Refused; shared because the child’s safety comes first"

    labels = ArrayField(models.CharField(max_length=30))
    recipient = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    lawful_basis = models.CharField(max_length=30, choices=CaseAccess.LawfulBasis)
    necessity = models.TextField()
    agreement = models.CharField(max_length=20, choices=Agreement)
    safe_to_tell_family = models.BooleanField(default=False)
    method = models.CharField(max_length=60)
    expires_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case", "-decided_at"], name="disclosure_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(necessity="") & ~Q(recipient=""), name="disclosure_says_to_whom_and_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Disclosure to {self.recipient}"


class AuditEvent(models.Model):
    """One line of the ledger. The runtime role can add lines and do nothing else to them.

    No foreign keys: a denial is written on a connection of its own, and the ledger outlives what it speaks of.
    """

    class Kind(models.TextChoices):
        READ = "read", "Looked at"
        LIST = "list", "Shown in a list"
        WRITE = "write", "Changed"
        DENIED = "denied", "Refused"
        NOT_FOUND = "not_found", "Not found or not visible"
        SIGN_IN = "sign_in", "Signed in"
        SIGN_OUT = "sign_out", "Signed out"
        SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
        STAFF = "staff", "Changed an account"

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    principal_id = models.BigIntegerField(null=True)  # set by the database from the signed principal
    claimed_user = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    action = models.CharField(max_length=40, blank=True)
    case_id = models.UUIDField(null=True)
    case_ids = ArrayField(models.UUIDField(), null=True)
    record = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    request_id = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    # The transaction that wrote it, set by the database: lines are sealed in this order.
    position = models.BigIntegerField(editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["position", "id"], name="event_by_position"),
            models.Index(fields=["-at", "-id"], name="event_by_time"),
            models.Index(fields=["case_id", "-at"], condition=Q(case_id__isnull=False), name="event_by_case"),
            models.Index(fields=["principal_id", "-at"], name="event_by_principal"),
            GinIndex(fields=["case_ids"], name="event_by_listed_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.action}"


class LedgerSeal(models.Model):
    """What the ledger was when a stretch of it was sealed (see access/sql/seals.sql, access/verifier.py).

    Written by `sec.seal_ledger` alone; no runtime role reads or changes it. `leaves` are the SHA-256 of each line of
    the positions from `starts` up to `ends`, in their order; `digest` covers them and the seal before.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    starts = models.BigIntegerField()
    ends = models.BigIntegerField()
    lines = models.IntegerField()
    leaves = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lines__gt=0) & Q(ends__gt=F("starts")), name="seal_of_something"),
        ]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class ReadingAlert(models.Model):
    """Somebody read, tried or searched more in an hour than work asks for. Worked out from the ledger each minute.

    Noted by `sec.watch_reading` alone; only an auditor sees and answers it, and nobody their own.
    """

    class Pattern(models.TextChoices):
        FILES = "files", "Opened many different files in an hour"
        REFUSALS = "refusals", "Was refused, or tried what is not there, many times in an hour"
        SEARCHES = "searches", "Searched for many children in an hour"
        SURNAME = "surname", "Opened the file of a child with their own surname, whom they do not work with"

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    pattern = models.CharField(max_length=20, choices=Pattern)
    day = models.DateField()  # in London
    amount = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    answer = models.TextField(blank=True, db_default="")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "pattern", "day"], name="alert_once_a_day"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="alert_answered_in_words",
            ),
        ]
        indexes = [models.Index(fields=["-last_at"], condition=Q(answered_at__isnull=True), name="alert_unanswered")]

    def __str__(self) -> str:
        return f"{self.pattern} on {self.day}"


class RowHistory(models.Model):
    """A version of a row of a case table, kept by one trigger. The runtime role cannot read it."""

    at = models.DateTimeField()
    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=40)
    case_id = models.UUIDField(null=True)
    operation = models.CharField(max_length=6)
    principal_id = models.BigIntegerField(null=True)
    database_role = models.CharField(max_length=63)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table_name", "row_id", "at"], name="history_by_row")]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"


class Submission(models.Model):
    """A form sent once: its key, and where its answer was. A second send of the same key goes there too."""

    key = models.UUIDField(primary_key=True)
    user_id = models.BigIntegerField()
    location = models.CharField(max_length=500)
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[Submission]] = models.Manager()

    def __str__(self) -> str:
        return str(self.key)
