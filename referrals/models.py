from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models import CaseRecord, VersionedRecord
from access.parts import Own
from accounts.models import Agency, Team, User
from assessments.models import TIERS
from children.models import Person
from plans.models import PlanItem


class Service(models.Model):
    """An entry of the service directory: not case data. Kept up by the directory administrator and its own provider."""

    name = models.CharField(max_length=120, unique=True)
    provider = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")  # who receives referrals here
    does = models.TextField()
    items = ArrayField(models.CharField(max_length=4), default=list)  # codes of the offer it serves
    lowest_tier = models.CharField(max_length=10, choices=TIERS)
    youngest = models.PositiveSmallIntegerField(null=True)  # years
    oldest = models.PositiveSmallIntegerField(null=True)
    types = ArrayField(models.CharField(max_length=30), default=list)  # of exploitation; empty: any
    for_parents = models.BooleanField(default=False)
    how_to_refer = models.TextField(blank=True)  # where it has no team here
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    replies_within = models.PositiveSmallIntegerField(null=True)  # working days
    paused_until = models.DateField(null=True)
    pause_reason = models.CharField(max_length=300, blank=True)
    checked_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(youngest__isnull=True) | Q(oldest__isnull=True) | Q(oldest__gte=F("youngest")),
                name="service_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(paused_until__isnull=True) | ~Q(pause_reason=""), name="service_paused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Referral(VersionedRecord):
    """A child, or a parent or carer of theirs, referred to a service. The provider sees this and no more."""

    class State(models.TextChoices):
        SENT = "sent", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ENDED = "ended", "Work ended"

    own_by = {"team": Own.TEAM, "author": Own.PERSON}

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # None: for the child
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")  # who receives it here
    about = models.CharField(max_length=200)  # who is referred, as the provider reads it
    asked_for = models.TextField()
    what_they_need = models.TextField()  # exactly what the provider is told
    contact = models.CharField(max_length=200)  # how to reach the child or parent safely
    disclosure = models.ForeignKey("access.DisclosureDecision", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=Now())
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    grant = models.BigIntegerField(null=True)  # the access it gave
    first_attended_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "-sent_at"], name="referral_of_case"),
            models.Index(fields=["team", "state"], name="referral_of_team"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="referral_declined_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="referral_answered_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Referral {self.pk}"


class EscalationRoute(CaseRecord):
    """How a child at medium reached social care: one open route at a time (BR-04, ruling Q9)."""

    class Route(models.TextChoices):
        VCM_EHA = "vcm_eha", "Early Help Assessment to the Vulnerable Child Meeting"
        IRT = "irt", "Referral to the Initial Response Team"
        EXISTING_SW = "existing_sw", "Existing social worker"
        EXISTING_MAT = "existing_mat", "Existing MAT worker"

    route = models.CharField(max_length=20, choices=Route)
    by_telephone = models.BooleanField(default=False)  # then it is confirmed in writing within 48 hours (TS-02)
    opened_at = models.DateTimeField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    close_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-opened_at"], name="route_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(closed_at__isnull=True), name="route_one_open"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | (Q(closed_by__isnull=False) & ~Q(close_reason="")),
                name="route_closed_by_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.get_route_display()


class InformationReport(CaseRecord):
    """Information of concern for the police: an Operation Liberty form (BR-13). Locked once it is sent.

    Its sender sees their own; the police team that receives information sees all, and answers with `acknowledged_at`.
    Not an emergency route, and it does not replace a referral to social care.
    """

    class Urgency(models.TextChoices):
        ROUTINE = "routine", "Routine"
        SOON = "soon", "Within a day"
        TODAY = "today", "Today"

    class HowKnown(models.TextChoices):
        DIRECT = "direct", "I saw or heard it myself"
        CHILD = "child", "The child told me"
        OTHER = "other", "Somebody else told me"
        ONLINE = "online", "Seen online"

    about = models.CharField(max_length=120)  # the child, as the sender named them
    happened = models.CharField(max_length=120)  # date and time of the information, approximate allowed
    how_known = models.CharField(max_length=10, choices=HowKnown)
    people = models.TextField(blank=True)
    places = models.TextField(blank=True)
    vehicles = models.TextField(blank=True)
    phones_and_online = models.TextField(blank=True)
    fact = models.TextField()  # what was seen or said
    opinion = models.TextField(blank=True)
    risk_to_source = models.TextField()  # what could happen if it became known who told
    child_may_be_named = models.BooleanField(default=False)  # as the source
    urgency = models.CharField(max_length=10, choices=Urgency)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=Now())
    acknowledged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    police_reference = models.CharField(max_length=60, blank=True)
    grading = models.CharField(max_length=3, blank=True)  # 3x5x2, by the police alone
    reply = models.TextField(blank=True)  # what the sender may know

    class Meta:
        indexes = [
            models.Index(fields=["author", "-sent_at"], name="information_by_author"),
            models.Index(fields=["-sent_at"], condition=Q(acknowledged_at__isnull=True), name="information_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(fact=""), name="information_says_something"),
            models.CheckConstraint(
                condition=Q(acknowledged_by__isnull=True, acknowledged_at__isnull=True)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="information_acknowledged_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(grading="") | Q(grading__regex="^[123][A-E][PC]$"), name="information_grading_is_3x5x2"
            ),
        ]

    def __str__(self) -> str:
        return f"Information report {self.pk}"
