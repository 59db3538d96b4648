from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models import CaseRecord, VersionedRecord
from access.parts import Own
from accounts.models import Agency, User
from children.models import Person
from meetings.kinds import MeetingKind, ThresholdOutcome


class Meeting(VersionedRecord):
    """A multi-agency meeting about one child (DOMAIN 8). `agencies`: those invited, who see it as their own."""

    class State(models.TextChoices):
        ARRANGED = "arranged", "Arranged"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    own_by = {"agencies": Own.AGENCIES, "author": Own.PERSON}

    kind = models.CharField(max_length=20, choices=[(one.name.lower(), one.value) for one in MeetingKind])
    state = models.CharField(max_length=10, choices=State, default=State.ARRANGED)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=300)
    access_needs = models.CharField(max_length=300, blank=True)  # interpreter, accessibility, advocate
    chair_name = models.CharField(max_length=120)
    chair = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agencies = ArrayField(models.BigIntegerField(), default=list)
    summary = models.TextField(blank=True)
    child_took_part = models.TextField(blank=True)
    counts_as_review = models.BooleanField(default=False)  # as the CRE review (BR-16, ruling Q14)
    review_statement = models.TextField(blank=True)  # the signed "no change", where no new assessment was made
    held_at = models.DateTimeField(null=True)
    next_on = models.DateField(null=True)
    cancel_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "-starts_at"], name="meeting_of_case"),
            models.Index(fields=["starts_at"], condition=Q(state="arranged"), name="meeting_to_come"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="held") | Q(held_at__isnull=False), name="meeting_held_when"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="meeting_cancelled_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%-d %B %Y}"


class Invitation(VersionedRecord):
    """One person invited, or not invited and why: a professional, the child, or one parent or carer (ruling Q5)."""

    class Of(models.TextChoices):
        PROFESSIONAL = "professional", "Professional"
        CHILD = "child", "The child"
        FAMILY = "family", "Parent, carer or relative"

    class Reply(models.TextChoices):
        INVITED = "invited", "No reply yet"
        ACCEPTED = "accepted", "Coming"
        APOLOGIES = "apologies", "Apologies"
        DEPUTY = "deputy", "Sends a deputy"
        NOT_INVITED = "not_invited", "Not invited"
        HELD = "held", "On hold until the manager or chair decides"

    class Attendance(models.TextChoices):
        PRESENT = "present", "Present"
        PART = "part", "Part of the meeting"
        DEPUTY = "deputy", "Sent a deputy"
        REPORT = "report", "Sent a report"
        APOLOGIES = "apologies", "Apologies"
        ABSENT = "absent", "Absent"

    own_by = {"agency": Own.AGENCY, "user": Own.PERSON}

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    of = models.CharField(max_length=12, choices=Of)
    name = models.CharField(max_length=120)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    agency_name = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    by_way_of = models.CharField(max_length=200, blank=True)  # how a child's or parent's invitation reaches them safely
    apart = models.BooleanField(default=False)  # unsafe to meet together: attends a part of their own
    reply = models.CharField(max_length=12, choices=Reply, default=Reply.INVITED)
    not_invited_because = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    legal_advice_taken = models.BooleanField(default=False)
    report = models.TextField(blank=True)
    attendance = models.CharField(max_length=12, choices=Attendance, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case", "meeting"], name="invitation_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="invitation_of_person_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(user__isnull=False), name="invitation_once"
            ),
            models.CheckConstraint(
                condition=~Q(reply="not_invited") | (~Q(not_invited_because="") & Q(decided_by__isnull=False)),
                name="invitation_not_made_says_why_and_who",
            ),
            models.CheckConstraint(condition=Q(of="family", person__isnull=False) | ~Q(of="family"),
                                   name="invitation_of_family_names_the_person"),
            models.CheckConstraint(condition=Q(attendance="") | ~Q(reply__in=["not_invited", "held"]),
                                   name="invitation_attended_was_made"),
            models.CheckConstraint(condition=~Q(of="child") | ~Q(by_way_of=""), name="invitation_of_child_names_way"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(of="child"), name="invitation_of_child_once"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}: {self.reply}"


class MeetingDecision(CaseRecord):
    """A numbered decision of a meeting. Append-only."""

    class Agreed(models.TextChoices):
        ALL = "all", "Agreed by all"
        MAJORITY = "majority", "Agreed by most"
        CHAIR = "chair", "Decided by the chair"

    own_by = {"agencies": Own.AGENCIES, "author": Own.PERSON}

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    agreed = models.CharField(max_length=10, choices=Agreed)
    agencies = ArrayField(models.BigIntegerField(), default=list)  # the meeting's, when it was decided
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["case", "meeting"], name="meeting_decision_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meeting_decision_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="meeting_decision_says_something"),
        ]

    def __str__(self) -> str:
        return f"Decision {self.number}"


class Dissent(CaseRecord):
    """An agency that does not agree with a decision, why, and what it does about it. Append-only."""

    own_by = {"agencies": Own.AGENCIES, "author": Own.PERSON}

    decision = models.ForeignKey(MeetingDecision, on_delete=models.PROTECT, related_name="dissents")
    who = models.CharField(max_length=200)
    reason = models.TextField()
    escalation = models.CharField(max_length=300, blank=True)
    agencies = ArrayField(models.BigIntegerField(), default=list)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case", "decision"], name="dissent_of_case")]
        constraints = [models.CheckConstraint(condition=~Q(reason="") & ~Q(who=""), name="dissent_says_who_and_why")]

    def __str__(self) -> str:
        return f"Dissent of {self.who}"


class StrategyOutcome(CaseRecord):
    """What a strategy discussion decided (BR-07). Its section 47 enquiry starts the conference's limit. Append-only."""

    class Enquiry(models.TextChoices):
        SINGLE = "single", "Single agency enquiry (social care)"
        JOINT = "joint", "Joint enquiry with the police"

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="strategy")
    s47_met = models.BooleanField()
    enquiry = models.CharField(max_length=10, choices=Enquiry, blank=True)
    who_sees_child = models.CharField(max_length=300)
    immediate_safety = models.TextField()
    medical = models.CharField(max_length=300, blank=True)
    others_at_risk = models.TextField(blank=True)
    disruption = models.TextField(blank=True)
    reason = models.TextField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(s47_met=False) | ~Q(enquiry=""), name="strategy_s47_names_the_enquiry"),
            models.CheckConstraint(condition=~Q(reason=""), name="strategy_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Strategy outcome {self.pk}"


class AgencyConsultation(CaseRecord):
    """A manager asked an agency before the threshold discussion: when, whom, and what they think."""

    agency_name = models.CharField(max_length=120)
    person_name = models.CharField(max_length=120)
    on = models.DateField()
    view = models.TextField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case", "-on"], name="consultation_of_case")]
        constraints = [models.CheckConstraint(condition=~Q(view=""), name="consultation_says_the_view")]

    def __str__(self) -> str:
        return f"{self.agency_name} {self.on:%d %B %Y}"


class ThresholdDiscussion(CaseRecord):
    """The CPM threshold discussion (BR-05) and its outcome. Append-only."""

    manager = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cpm = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    consultations = models.ManyToManyField(AgencyConsultation, through="ConsultedFor", related_name="+")
    level = models.CharField(max_length=40)  # of the DDSCP threshold document
    outcome = models.CharField(max_length=20, choices=[(one.name.lower(), one.value) for one in ThresholdOutcome])
    reason = models.TextField()
    held_at = models.DateTimeField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "-held_at"], name="threshold_of_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="threshold_has_a_reason"),
            models.CheckConstraint(condition=~Q(manager=F("cpm")), name="threshold_manager_is_not_cpm"),
            models.CheckConstraint(
                condition=Q(author=F("manager")) | Q(author=F("cpm")), name="threshold_written_by_one_of_the_two"
            ),
        ]

    def __str__(self) -> str:
        return f"Threshold discussion: {self.outcome}"


class ConsultedFor(CaseRecord):
    """A consultation that a threshold discussion rests on. It rests on at least one."""

    discussion = models.ForeignKey(ThresholdDiscussion, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(AgencyConsultation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["discussion", "consultation"], name="consulted_once")]

    def __str__(self) -> str:
        return f"{self.consultation_id} for {self.discussion_id}"


class TaskingListing(VersionedRecord):
    """A child on the list of the next Police and Partners Tasking Meeting, and what came of it."""

    class State(models.TextChoices):
        LISTED = "listed", "On the list"
        DISCUSSED = "discussed", "Discussed"
        TAKEN_OFF = "taken_off", "Taken off the list"

    state = models.CharField(max_length=10, choices=State, default=State.LISTED)
    listed_at = models.DateTimeField()
    why = models.CharField(max_length=300)
    discussed_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    next_on = models.DateField(null=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "-listed_at"], name="tasking_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="listed"), name="tasking_listed_once"),
            models.CheckConstraint(
                condition=~Q(state="discussed") | (Q(discussed_on__isnull=False) & ~Q(outcome="")),
                name="tasking_discussed_when_and_what",
            ),
        ]

    def __str__(self) -> str:
        return f"Tasking {self.state}"
