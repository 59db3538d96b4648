from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models import CaseRecord, DisclosureDecision, VersionedRecord
from access.parts import Own
from accounts.models import Agency, Team, User
from assessments.models import TIERS
from children.models import Person
from offer.catalogue import Disposition
from offer.closing import ClosingReason
from offer.transition import TransitionOutcome

DISPOSITIONS = [(one.name.lower(), one.value) for one in Disposition]


class ServicePlan(VersionedRecord):
    """What the Derby offer gives this child: opened by the first tier, raised and lowered by each one after it."""

    class State(models.TextChoices):
        OPEN = "open", "Being filled in"
        WITH_GAPS = "with_gaps", "Approved with gaps"
        COMPLETE = "complete", "Complete"

    class Agreement(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_ASKED = "not_asked", "Could not be asked"

    tier = models.CharField(max_length=10, choices=TIERS)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    child_agrees = models.CharField(max_length=10, choices=Agreement, blank=True)
    child_says = models.TextField(blank=True)
    parents_agree = models.CharField(max_length=10, choices=Agreement, blank=True)
    parents_say = models.TextField(blank=True)
    co_ordinator = models.CharField(max_length=120, blank=True)  # the one lead for a child with other plans (BR-14)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="plan_one_per_file"),
            models.CheckConstraint(
                condition=Q(state="open", approved_by__isnull=True, approved_at__isnull=True)
                | (~Q(state="open") & Q(approved_by__isnull=False, approved_at__isnull=False)),
                name="plan_approved_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan of {self.case_id}"


class PlanItem(VersionedRecord):
    """An item of the offer in this child's plan, or an action of the child's own, agreed in a meeting or safety plan.

    Whoever owns it does it: a person with an account, a parent or relative, or an agency.
    """

    class Source(models.TextChoices):
        OFFER = "offer", "Service offer"
        SAFETY_PLAN = "safety_plan", "Safety plan"
        MEETING = "meeting", "Meeting"
        WORKER = "worker", "Added by the worker"

    own_by = {"agency": Own.AGENCY, "owner": Own.PERSON}

    plan = models.ForeignKey(ServicePlan, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=4, blank=True)  # of the offer; blank for an action of the child's own
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=12, choices=Source)
    agreed_at = models.CharField(max_length=200, blank=True)  # the meeting and decision that agreed it (ruling Q11)
    disposition = models.CharField(max_length=20, choices=DISPOSITIONS, blank=True)  # blank: a gap
    reason = models.TextField(blank=True)
    who = models.CharField(max_length=200, blank=True)  # who provides it already, who declined
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    owner_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    owner_name = models.CharField(max_length=120, blank=True)  # as printed; of somebody without an account, too
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    measure = models.CharField(max_length=300, blank=True)  # how we will know that it worked
    offer_again_on = models.DateField(null=True)
    continued_because = models.TextField(blank=True)  # why an item above the tier goes on
    on_hold = models.BooleanField(default=False)  # while low waits for the CPM
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["case", "plan"], name="item_of_case"),
            models.Index(fields=["agency"], condition=Q(ended_at__isnull=True), name="item_of_agency"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"], condition=~Q(code="") & Q(ended_at__isnull=True), name="item_of_offer_once"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="item_has_a_title"),
            models.CheckConstraint(
                condition=~Q(disposition__in=["declined", "unavailable"]) | ~Q(reason=""),
                name="item_set_aside_says_why",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(end_reason=""), name="item_ended_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class ItemSession(CaseRecord):
    """One session of work on an item, recorded by whoever did it."""

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="sessions")
    on = models.DateField()
    attended = models.BooleanField(default=True)
    note = models.TextField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case", "item"], name="session_of_case")]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="session_says_something")]

    def __str__(self) -> str:
        return f"Session on {self.on:%d %B %Y}"


class TriggerPlan(VersionedRecord):
    """The police trigger plan of a child at high risk: where it stands, its officer, and its first-hour page (Q15).

    What else is in it stays on the police system; this points to it.
    """

    class Status(models.TextChoices):
        NEEDED = "needed", "To be requested"
        REQUESTED = "requested", "Requested"
        ON_SYSTEM = "on_system", "On the police system"
        ENDED = "ended", "No longer needed"

    status = models.CharField(max_length=10, choices=Status, default=Status.NEEDED)
    officer = models.CharField(max_length=120, blank=True)
    officer_phone = models.CharField(max_length=30, blank=True)
    police_reference = models.CharField(max_length=60, blank=True)
    requested_at = models.DateTimeField(null=True)
    on_system_on = models.DateField(null=True)
    whom_to_ring = models.TextField(blank=True)
    where_to_look = models.TextField(blank=True)
    keeps_safe = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="trigger_plan_one_per_file"),
            models.CheckConstraint(
                condition=~Q(status="on_system") | (Q(on_system_on__isnull=False) & ~Q(police_reference="")),
                name="trigger_plan_on_system_has_its_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"Trigger plan of {self.case_id}"


class SafetyPlan(VersionedRecord):
    """A contextual safety plan (BR-09), unique to the child. An interim one can be in force tonight (Q7)."""

    class Kind(models.TextChoices):
        INTERIM = "interim", "Interim safety plan"
        FULL = "full", "Safety plan"

    class State(models.TextChoices):
        DRAFT = "draft", "In progress"
        IN_FORCE = "in_force", "In force"
        REPLACED = "replaced", "Replaced"

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    whom_to_ring = models.TextField(blank=True)
    tonight = models.TextField(blank=True)  # an interim plan's actions
    child_words = models.TextField(blank=True)  # safety steps as the child says them
    trusted_people = models.TextField(blank=True)
    safe_places = models.TextField(blank=True)
    signal_word = models.CharField(max_length=60, blank=True)
    if_missing = models.TextField(blank=True)
    contexts_considered = ArrayField(models.CharField(max_length=12), default=list)  # place peer adult ... online home
    no_risk_to_because = models.TextField(blank=True)
    no_risk_from_because = models.TextField(blank=True)
    nobody_else_because = models.TextField(blank=True)
    impact_practical = models.TextField(blank=True)
    impact_physical = models.TextField(blank=True)
    impact_psychological = models.TextField(blank=True)
    impact_behavioural = models.TextField(blank=True)
    child_view = models.TextField(blank=True)
    parents_view = models.TextField(blank=True)
    review_on = models.DateField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-started_at"], name="safety_plan_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="in_force"), name="safety_plan_one_in_force"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="draft"), name="safety_plan_one_draft"),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="safety_plan_approved_by_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class ContextualRisk(CaseRecord):
    """One risk of a safety plan: to or from the child, where, from whom, who else, and what reduces it."""

    class Direction(models.TextChoices):
        TO = "to", "Risk to the child"
        FROM = "from", "Risk from the child"

    class Context(models.TextChoices):
        PLACE = "place", "A place"
        PEER = "peer", "Peers"
        ADULT = "adult", "An adult"
        ENVIRONMENT = "environment", "School, route or transport"
        ONLINE = "online", "Online"
        HOME = "home", "Home"

    acts: list[str]  # titles of its actions, set by `plans.selectors.risks_of`

    safety_plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="risks")
    direction = models.CharField(max_length=4, choices=Direction)
    context = models.CharField(max_length=12, choices=Context)
    what = models.TextField()
    where = models.CharField(max_length=300)  # or "not known", with an action to find out
    from_whom = models.CharField(max_length=300)
    who_else = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)  # who says so, and how sure it is
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "safety_plan"], name="risk_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(where="") & ~Q(from_whom=""), name="risk_says_what_where_whom"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.pk}"


class RiskAction(CaseRecord):
    """An action of the plan that reduces a risk. Every risk has at least one."""

    risk = models.ForeignKey(ContextualRisk, on_delete=models.PROTECT, related_name="actions")
    item = models.ForeignKey(PlanItem, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["risk", "item"], name="risk_action_once")]

    def __str__(self) -> str:
        return f"{self.item_id} for {self.risk_id}"


class TransitionConsideration(CaseRecord):
    """What was decided about transition to adults' services, from 17 (BR-02). Append-only."""

    outcome = models.CharField(max_length=40, choices=[(one.name.lower(), one.value) for one in TransitionOutcome])
    reason = models.TextField(blank=True)
    deferred_until = models.DateField(null=True)
    considered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    considered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-considered_at"], name="transition_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome__in=["not_needed", "deferred"]) | ~Q(reason=""), name="transition_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="deferred") | Q(deferred_until__isnull=False), name="transition_deferred_until"
            ),
        ]

    def __str__(self) -> str:
        return f"Transition: {self.outcome}"


class CaseClosure(CaseRecord):
    """The end of work on a file: proposed by one person, decided by a manager who is another, and taken back where the
    file is opened again. Only `sec.close_case` and `sec.reopen_case` write the states after the proposal's."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waiting for a manager"
        SENT_BACK = "sent_back", "Sent back"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"

    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason = models.CharField(max_length=20, choices=[(one.name.lower(), one.value) for one in ClosingReason])
    summary = models.TextField()  # what was done, and who the child can turn to now
    receiver = models.CharField(max_length=200, blank=True)  # who takes over, and who there has accepted
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    answer = models.TextField(blank=True)  # of the manager
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reopened_because = models.TextField(blank=True)
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-proposed_at"], name="closure_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["proposed", "closed"]), name="closure_one_standing"
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="closure_has_a_summary"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer="")),
                name="closure_decided_by_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="closure_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(reason__in=["moved", "adult_services"]) | ~Q(receiver=""),
                name="closure_names_who_takes_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="reopened")
                | (Q(reopened_by__isnull=False, reopened_at__isnull=False) & ~Q(reopened_because="")),
                name="closure_reopened_by_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Closing: {self.get_state_display()}"


class Copy(CaseRecord):
    """One copy for one named recipient: asked for, made by the documents worker, kept with its hash.

    Of the plan; or of the record, for whom it is about, whose words are fixed when it is asked for.
    """

    class Kind(models.TextChoices):
        PROFESSIONAL = "professional", "Professional copy"
        PARTNER = "partner", "Partner copy"
        FAMILY = "family", "Family copy"
        RECORD = "record", "Record, for whom it is about"

    PLAN_KINDS = frozenset({Kind.PROFESSIONAL, Kind.PARTNER, Kind.FAMILY})

    class State(models.TextChoices):
        WAITING = "waiting", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    decision: DisclosureDecision | None  # why it was given, set by `plans.copies.selectors.copies_of`

    kind = models.CharField(max_length=12, choices=Kind)
    number = models.PositiveIntegerField()  # counts the copies of a file
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    recipient_name = models.CharField(max_length=120)
    recipient_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recipient_team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")  # the recipient's
    disclosure = models.OneToOneField("access.DisclosureDecision", on_delete=models.PROTECT, related_name="+")
    plan_version = models.PositiveIntegerField()
    safety_plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, null=True, related_name="+")
    items = ArrayField(models.BigIntegerField(), default=list)  # the child's own actions that a family copy may name
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)  # counted by the database when the documents worker takes it up
    taken_at = models.DateTimeField(null=True)
    content = models.JSONField(null=True)  # what the copy says, word for word, as it was given
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "copies"
        indexes = [models.Index(fields=["case", "-asked_at"], name="copy_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="copy_number_once"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(pdf__isnull=False, made_at__isnull=False) & ~Q(sha256="")),
                name="copy_ready_has_its_bytes",
            ),
            models.CheckConstraint(
                condition=~Q(kind="family") | Q(recipient_team__isnull=True, agency__isnull=True),
                name="copy_for_family_is_for_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(kind="partner") | Q(recipient_team__isnull=False, agency__isnull=False),
                name="copy_for_a_partner_is_for_its_team",
            ),
            models.CheckConstraint(
                condition=Q(kind="family") | Q(recipient_person__isnull=True), name="copy_for_a_person_is_a_family_copy"
            ),
            models.CheckConstraint(condition=~Q(recipient_name=""), name="copy_names_its_recipient"),
            models.CheckConstraint(condition=~Q(state="ready") | Q(content__isnull=False), name="copy_ready_says_what"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(problem=""), name="copy_failed_says_why"),
            models.CheckConstraint(
                condition=~Q(kind="record") | Q(content__isnull=False), name="copy_of_the_record_says_what_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Copy {self.number} for {self.recipient_name}"
