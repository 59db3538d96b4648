from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from access.models import VersionedRecord
from access.parts import Own
from accounts.models import Agency, User
from offer.duties import DUTIES, HowKnown, NoNRMReferral, Profession


class MandatoryReport(VersionedRecord):
    """One duty to report, from what opened it to its outcome (DOMAIN 4): made, or closed with a reason.

    The duty stays with `discovered_by`. Its limits are clocks of `deadlines`, about "report:<id>".
    """

    class State(models.TextChoices):
        OPEN = "open", "To be reported"
        REPORTED = "reported", "Reported"
        CLOSED = "closed", "Closed"

    class NotReported(models.TextChoices):
        """The only reasons for closing a report that was not made. Refusal of consent is not one for a child."""

        NO_REASONABLE_GROUNDS = "no_reasonable_grounds", NoNRMReferral.NO_REASONABLE_GROUNDS.value
        ALREADY_REFERRED = "already_referred", NoNRMReferral.ALREADY_REFERRED.value
        OUTSIDE_THE_DUTY = "outside_the_duty", "The law puts it outside the duty"
        OTHER_ROUTE = "other_route", "Dealt with by another report"

    class Grounds(models.TextChoices):
        POSITIVE = "positive", "Positive"
        NEGATIVE = "negative", "Negative"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    rule_id = models.CharField(max_length=20, choices=[(row.rule_id, row.title) for row in DUTIES.values()])
    trigger = models.TextField()  # what was seen or said, by whom, when, in whose words
    opened_as = models.CharField(
        max_length=20, blank=True
    )  # the duty it was opened as; the question may turn MR-01 into MR-01b
    how_known = models.CharField(max_length=30, choices=[(one.name.lower(), one.value) for one in HowKnown], blank=True)
    discovered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    profession = models.CharField(
        max_length=30, choices=[(one.name.lower(), one.value) for one in Profession], blank=True
    )
    discovered_at = models.DateTimeField()
    about = models.CharField(max_length=60, blank=True)  # what opened it, like "assessment:12"
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")  # the author's
    opened_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    hidden_from_family = models.BooleanField(default=True)
    family_decision = models.TextField(blank=True)  # why the family may be told, after advice
    family_decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    safeguarding_lead_told = models.BooleanField(default=False)
    child_told = models.BooleanField(default=False)
    extension_reason = models.TextField(blank=True)
    extension_approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    reporter = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recipient = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    helped_by = models.CharField(max_length=300, blank=True)  # who helped; the duty stays with its holder
    consent = models.BooleanField(default=False)  # NRM from 18: the person agrees. Never asked of a child.
    returned_at = models.DateTimeField(null=True)  # MR-08: the return interview counts from it
    interviewed_at = models.DateTimeField(null=True)
    reasonable_grounds = models.CharField(max_length=10, choices=Grounds, blank=True)  # NRM, decided elsewhere
    reasonable_on = models.DateField(null=True)
    conclusive_grounds = models.CharField(max_length=10, choices=Grounds, blank=True)
    conclusive_on = models.DateField(null=True)
    not_reported = models.CharField(max_length=30, choices=NotReported, blank=True)
    not_reported_because = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "state"], name="report_of_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(trigger=""), name="report_says_what_was_found"),
            models.CheckConstraint(
                condition=Q(rule_id__in=[row.rule_id for row in DUTIES.values()]), name="report_known_duty"
            ),
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(reported_at__isnull=False, reporter__isnull=False)
                & ~Q(recipient="") & ~Q(method=""),
                name="report_made_by_whom_when_to_whom_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (Q(closed_at__isnull=False, closed_by__isnull=False)
                   & (Q(reported_at__isnull=False) | (~Q(not_reported="") & ~Q(not_reported_because="")))),
                name="report_not_made_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "reported", "closed"]), name="report_known_state"
            ),
            models.CheckConstraint(
                condition=Q(not_reported="") | Q(not_reported__in=[
                    "no_reasonable_grounds", "already_referred", "outside_the_duty", "other_route"
                ]),
                name="report_reason_of_the_list",
            ),
            models.CheckConstraint(
                condition=~Q(not_reported="already_referred") | ~Q(reference=""), name="report_referred_has_reference"
            ),
            models.UniqueConstraint(
                fields=["case", "rule_id"], condition=Q(state="open") & Q(rule_id__startswith="MR-02"),
                name="report_one_nrm_open",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule_id} {self.opened_at:%d %B %Y}"
