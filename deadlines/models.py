from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models import CaseRecord
from access.parts import Own
from accounts.models import User


class Heartbeat(models.Model):
    """When a process last did its work. One row a process; not case data."""

    process = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process} at {self.at}"


class Deadline(CaseRecord):
    """One clock that runs on a file: what started it, by which rule, until when.

    The rule's id and version are kept with the event, so that a later change of guidance does not rewrite history.
    `limit_at` is the last moment (UTC); for a rule in days that is 23:59:59 in London on `limit_on`.
    """

    class State(models.TextChoices):
        OPEN = "open", "Running"
        MET = "met", "Done in time"
        LATE = "late", "Done after the limit"
        ENDED = "ended", "No longer needed"

    own_by = {"started_by": Own.PERSON}

    rule_id = models.CharField(max_length=20)
    rule_version = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)  # what of the file it is the clock of, like "referral:12"
    started_at = models.DateTimeField()
    limit_at = models.DateTimeField()
    limit_on = models.DateField(null=True)  # None where the rule counts hours
    book_by = models.DateField(null=True)
    soft_at = models.DateTimeField(null=True)
    binding = models.BooleanField(default=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # None: the lead worker
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)
    next_step = models.CharField(max_length=20, blank=True)  # the reminder that is sent next; blank: none
    next_step_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "limit_at"], condition=Q(state="open"), name="deadline_open_of_case"),
            models.Index(fields=["next_step_at"], condition=Q(state="open"), name="deadline_next_step"),
            models.Index(fields=["owner", "limit_at"], condition=Q(state="open"), name="deadline_open_of_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "rule_id", "about"], condition=Q(state="open"), name="deadline_open_once"
            ),
            models.CheckConstraint(condition=Q(limit_at__gte=F("started_at")), name="deadline_limit_after_start"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True, ended_by__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="deadline_ended_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "met", "late", "ended"]), name="deadline_known_state"
            ),
            models.CheckConstraint(condition=~Q(state="ended") | ~Q(end_reason=""), name="deadline_ended_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} by {self.limit_at:%d %B %Y}"


class Reminder(CaseRecord):
    """That somebody was told of a step of a clock, once. Written by the clock's own database role alone.

    `recipient` None: nobody was there to tell, which is a fault in the staff list and is said in the log.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=20)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case"], name="reminder_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "step", "recipient"], nulls_distinct=False, name="reminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.deadline_id}"


class Breach(CaseRecord):
    """Why a limit was missed, approved by a manager. Never deleted."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "breaches"
        indexes = [models.Index(fields=["case", "deadline"], name="breach_of_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="breach_has_a_reason"),
            models.UniqueConstraint(fields=["deadline"], name="breach_once"),
        ]

    def __str__(self) -> str:
        return f"Breach of {self.deadline_id}"
