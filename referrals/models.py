from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from guardian.models import UserObjectPermissionBase

from access.models import CaseRecord, VersionedRecord
from access.parts import Own
from accounts.models import Agency, Team, User
from assessments.models import TIERS
from children.models import Person
from offer.catalogue import ITEMS
from offer.exploitation_types import ExploitationType
from plans.models import PlanItem

TYPES = [(one.name.lower(), one.value) for one in ExploitationType]


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
        default_permissions = ()
        permissions = [("maintain_service", "Keeps this entry up to date")]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(does=""), name="service_says_what_it_does"),
            models.CheckConstraint(condition=Q(items__contained_by=list(ITEMS)), name="service_known_items"),
            models.CheckConstraint(
                condition=Q(types__contained_by=[code for code, _ in TYPES]), name="service_known_types"
            ),
            models.CheckConstraint(
                condition=Q(lowest_tier__in=[tier for tier, _ in TIERS]), name="service_known_lowest_tier"
            ),
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


class ServiceMaintainer(UserObjectPermissionBase):
    """A right on one entry, in the tables of django-guardian: who keeps it up to date for its provider."""

    content_object = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="maintainer_rights")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class ServiceVersion(models.Model):
    """An entry as it was saved once, written by the database itself: who changed what, and when."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    facts = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # None: loaded from the file
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["service", "-version"], name="service_version_of_service")]

    def __str__(self) -> str:
        return f"Version {self.version} of service {self.service_id}"


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
    outcome = models.TextField(blank=True)  # of the work, or why it was withdrawn
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    unusual_because = models.TextField(blank=True)  # why it was sent although the age or tier is outside

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
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "ended"])
                | (Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(outcome="")),
                name="referral_ended_by_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "accepted", "declined", "withdrawn", "ended"]),
                name="referral_known_state",
            ),
            models.CheckConstraint(
                condition=~Q(asked_for="") & ~Q(what_they_need="") & ~Q(contact=""), name="referral_says_what_is_asked"
            ),
            models.UniqueConstraint(
                fields=["case", "service", "person"],
                condition=Q(state__in=["sent", "accepted"]),
                nulls_distinct=False,
                name="referral_one_open_to_a_service",
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
                condition=Q(route__in=["vcm_eha", "irt", "existing_sw", "existing_mat"]), name="route_known"
            ),
            models.CheckConstraint(
                condition=Q(by_telephone=False) | Q(route="irt"), name="route_by_telephone_is_to_irt"
            ),
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
                condition=Q(acknowledged_at__isnull=False) | Q(police_reference="", reply=""),
                name="information_answered_means_acknowledged",
            ),
        ]

    def __str__(self) -> str:
        return f"Information report {self.pk}"


class InformationGrading(CaseRecord):
    """How the police grade a report: 3x5x2 (DOMAIN 5.4). Append-only, the latest counts. Nobody else reads it."""

    class Source(models.TextChoices):
        RELIABLE = "1", "1 Reliable"
        UNTESTED = "2", "2 Untested"
        NOT_RELIABLE = "3", "3 Not reliable"

    class Assessment(models.TextChoices):
        DIRECTLY = "A", "A Known directly"
        CORROBORATED = "B", "B Known indirectly but corroborated"
        INDIRECTLY = "C", "C Known indirectly"
        NOT_KNOWN = "D", "D Not known"
        FALSE = "E", "E Suspected to be false"

    class Handling(models.TextChoices):
        PERMITTED = "P", "P Lawful sharing permitted"
        CONDITIONS = "C", "C Lawful sharing permitted with conditions"

    report = models.ForeignKey(InformationReport, on_delete=models.PROTECT, related_name="gradings")
    source = models.CharField(max_length=1, choices=Source)
    assessment = models.CharField(max_length=1, choices=Assessment)
    handling = models.CharField(max_length=1, choices=Handling)
    conditions = models.TextField(blank=True)
    graded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    graded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["report", "-graded_at"], name="grading_of_report")]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["1", "2", "3"], assessment__in=list("ABCDE"), handling__in=["P", "C"]),
                name="grading_is_3x5x2",
            ),
            models.CheckConstraint(condition=~Q(handling="C") | ~Q(conditions=""), name="grading_names_its_conditions"),
        ]

    def __str__(self) -> str:
        return f"{self.source}{self.assessment}{self.handling}"
