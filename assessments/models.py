from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models import CaseRecord, VersionedRecord
from access.parts import Own
from accounts.models import Agency, User
from children.models import Person
from offer.exploitation_types import ExploitationType, TypeStatus
from offer.levels import Tier
from offer.tiers import Answer as Answers
from offer.tiers import AssessmentKind, CPMOutcome, Weight

TIERS = [(tier.name.lower(), tier.value) for tier in Tier]
NO_CONCERN = "none"
TIERS_OR_NONE = [*TIERS, (NO_CONCERN, "No current concern")]


# The toolkit: not case data. Loaded from a file into a new version, never edited in place.


class ToolkitVersion(models.Model):
    name = models.CharField(max_length=120)
    number = models.PositiveIntegerField(unique=True)
    source = models.CharField(max_length=300)
    thresholds = models.JSONField(default=dict)  # what differs from `offer.suggestion.PROPOSED_THRESHOLDS`
    content_hash = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField(db_default=Now())
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # None: by the program
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="toolkit_one_current"),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(published_at__isnull=False), name="toolkit_current_is_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"


class ToolkitSection(models.Model):
    class Kind(models.TextChoices):
        HARM = "harm", "Harm happening now"
        VULNERABILITY = "vulnerability", "Vulnerability"
        CONTEXT = "context", "History, context and identity"
        PROTECTIVE = "protective", "Protective factors"

    toolkit = models.ForeignKey(ToolkitVersion, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=4)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["toolkit", "code"], name="toolkit_section_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ToolkitItem(models.Model):
    section = models.ForeignKey(ToolkitSection, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=6)
    label = models.CharField(max_length=300)
    definition = models.TextField(blank=True)
    weight = models.CharField(max_length=12, choices=[(one.name.lower(), one.value) for one in Weight])
    types = ArrayField(models.CharField(max_length=1), default=list)  # S C L T O R F H
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["section__place", "place"]
        constraints = [models.UniqueConstraint(fields=["section", "code"], name="toolkit_item_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


# One child's assessment


class Assessment(VersionedRecord):
    """A CRE risk assessment: a draft until it is submitted, then as it was for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", "In progress"
        SUBMITTED = "submitted", "Submitted"
        WITHDRAWN = "withdrawn", "Not finished"

    class Reason(models.TextChoices):
        NEW_CONCERN = "new_concern", "New concern"
        REVIEW = "review", "Review"
        MISSING = "missing", "Missing episode"
        ARREST = "arrest", "Arrest or investigation"
        INTELLIGENCE = "intelligence", "New intelligence"
        PLACEMENT = "placement", "Change of placement or address"
        TURNED_13 = "turned_13", "Turned 13"
        SEND = "send", "SEND recorded or removed"
        TRANSITION = "transition", "Transition"
        OTHER = "other", "Other"

    class Voice(models.TextChoices):
        ALONE = "alone", "Seen alone"
        WITH_SOMEONE = "with_someone", "With someone present"
        NOT_SEEN = "not_seen", "Not seen"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    toolkit = models.ForeignKey(ToolkitVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason)
    concern_on = models.DateField()
    started_at = models.DateTimeField(db_default=Now())
    sources_used = models.TextField(blank=True)
    agencies_consulted = models.TextField(blank=True)
    child_words = models.TextField(blank=True)
    voice = models.CharField(max_length=20, choices=Voice, blank=True)
    voice_on = models.DateField(null=True)
    voice_missing_because = models.TextField(blank=True)  # why not obtained, and the plan to obtain it
    no_protective_because = models.TextField(blank=True)
    people_and_places = models.TextField(blank=True)  # or "none known"
    worried_about = models.TextField(blank=True)
    working_well = models.TextField(blank=True)
    would_make_worse = models.TextField(blank=True)
    not_known_yet = models.TextField(blank=True)
    threshold_level = models.CharField(max_length=40, blank=True)  # of the DDSCP threshold document
    submitted_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)  # of everything in it, when submitted
    date_of_birth_then = models.DateField(null=True)  # as recorded when submitted
    send_then = models.CharField(max_length=20, blank=True)  # likewise

    class Meta:
        indexes = [models.Index(fields=["case", "-started_at"], name="assessment_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "author"], condition=Q(state="draft"), name="assessment_one_draft_an_author"
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", submitted_at__isnull=False) & ~Q(content_hash="")
                | ~Q(state="submitted") & Q(submitted_at__isnull=True),
                name="assessment_submitted_when_and_what",
            ),
        ]

    def __str__(self) -> str:
        return f"CRE assessment {self.pk}"


class UnsavedPart(CaseRecord):
    """What somebody has typed into a part of a draft and not saved yet: theirs alone, no record, and kept only so that
    nothing is lost. Nothing typed means that the form it was written in is saved.
    """

    own_by = {"author": Own.PERSON}

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20)  # as `assessments.presenters.parts_of` names it
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    typed = models.TextField(blank=True)  # the form as it would have been sent
    form_key = models.UUIDField()  # of the form it was written in: two windows are two forms
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case"], name="unsaved_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "part", "author"], name="unsaved_once"),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.assessment_id}"


class Answer(CaseRecord):
    """One item answered. `by_section`: by one act for all of a section that nothing else is known of (ruling Q23)."""

    class Source(models.TextChoices):
        CHILD = "child", "The child"
        PARENT = "parent", "A parent or carer"
        OBSERVED = "observed", "Seen by a professional"
        POLICE = "police", "Police"
        SCHOOL = "school", "School"
        HEALTH = "health", "Health"
        THIRD_PARTY = "third_party", "Somebody else"
        ANONYMOUS = "anonymous", "Anonymous"
        ONLINE = "online", "Online material"
        RECORD = "record", "Already on this file"

    class Basis(models.TextChoices):
        FACT = "fact", "Fact"
        OPINION = "opinion", "Professional opinion"
        UNVERIFIED = "unverified", "Unverified report"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(ToolkitItem, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=[(one.name.lower(), one.value) for one in Answers])
    evidence = models.TextField(blank=True)
    source = models.CharField(max_length=20, choices=Source, blank=True)
    source_detail = models.CharField(max_length=200, blank=True)
    first_seen = models.CharField(max_length=40, blank=True)  # approximate is allowed: "summer 2026"
    last_seen = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=12, choices=Basis, blank=True)
    restricted = models.BooleanField(default=False)
    not_known_because = models.CharField(max_length=300, blank=True)
    by_section = models.BooleanField(default=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["case", "assessment"], name="answer_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="answer_once"),
            models.CheckConstraint(
                condition=~Q(answer__in=["historic", "current", "suspected"]) | (~Q(evidence="") & ~Q(source="")),
                name="answer_positive_has_evidence_and_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.answer}"


class ProtectiveFactor(CaseRecord):
    class Strength(models.TextChoices):
        STRONG = "strong", "Strong"
        PARTIAL = "partial", "Partial"
        ABSENT = "absent", "Absent"
        NOT_KNOWN = "not_known", "Not known yet"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="protective")
    item = models.ForeignKey(ToolkitItem, on_delete=models.PROTECT, related_name="+")
    strength = models.CharField(max_length=10, choices=Strength)
    evidence = models.TextField(blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "assessment"], name="protective_of_case")]
        constraints = [models.UniqueConstraint(fields=["assessment", "item"], name="protective_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.strength}"


class ConsideredType(CaseRecord):
    """A type of exploitation, considered. Every type is, and several may be recorded."""

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="types")
    type = models.CharField(max_length=30, choices=[(one.name.lower(), one.value) for one in ExploitationType])
    status = models.CharField(max_length=10, choices=[(one.name.lower(), one.value) for one in TypeStatus])
    evidence = models.TextField(blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "assessment"], name="type_of_case")]
        constraints = [models.UniqueConstraint(fields=["assessment", "type"], name="type_once")]

    def __str__(self) -> str:
        return f"{self.type}: {self.status}"


class CarerView(CaseRecord):
    """What one parent or carer thinks, or why they were not asked (rulings Q5, Q6)."""

    class NotAsked(models.TextChoices):
        EXCLUDED = "excluded", "Considered complicit"
        UNSAFE = "unsafe", "Not approached: unsafe"
        POLICE_ADVICE = "police_advice", "Not approached: police advice"
        HARMFUL_PRACTICE = "harmful_practice", "Not approached: forced marriage or honour-based abuse"
        WHEREABOUTS = "whereabouts", "Not approached: whereabouts unknown"
        NO_CONTACT = "no_contact", "Not approached: no contact with the child"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="carer_views")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    view = models.TextField(blank=True)
    not_asked = models.CharField(max_length=20, choices=NotAsked, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "assessment"], name="carer_view_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "person"], name="carer_view_once"),
            models.CheckConstraint(condition=~Q(view="") | ~Q(not_asked=""), name="carer_view_or_why_not"),
        ]

    def __str__(self) -> str:
        return f"View of {self.person_id}"


class SupportingAssessment(VersionedRecord):
    """An Early Help Assessment, a Single Assessment or another, with its clock and its authorisation."""

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", "In progress"
        COMPLETED = "completed", "Completed"
        AUTHORISED = "authorised", "Authorised"
        DECLINED = "declined", "Declined by the family"
        NOT_MET = "not_met", "Threshold not met"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    kind = models.CharField(
        max_length=20,
        choices=[(one.name.lower(), one.value) for one in AssessmentKind if one is not AssessmentKind.CRE],
    )
    state = models.CharField(max_length=12, choices=State, default=State.IN_PROGRESS)
    started_at = models.DateTimeField()  # the point of referral, or the manager's decision to assess: its clock starts
    summary = models.TextField(blank=True)
    completed_on = models.DateField(null=True)
    authorised_on = models.DateField(null=True)
    authorised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.TextField(blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "kind"], name="supporting_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="authorised")
                | Q(authorised_on__isnull=False, authorised_by__isnull=False, completed_on__isnull=False),
                name="supporting_authorised_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(authorised_by__isnull=True) | ~Q(authorised_by=F("author")),
                name="supporting_not_authorised_by_author",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "not_met"]) | ~Q(end_reason=""),
                name="supporting_ended_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(completed_on__isnull=False), name="supporting_completed_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%d %B %Y}"


# The tier: proposed, decided, agreed. Each a new row, never edited.


class TierProposal(CaseRecord):
    """What the author of a submitted assessment proposes, beside what the answers suggested."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a manager"
        DECIDED = "decided", "Decided"
        RETURNED = "returned", "Sent back"
        SUPERSEDED = "superseded", "Superseded by a later proposal"

    own_by = {"agency": Own.AGENCY, "author": Own.PERSON}

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="proposal")
    suggested = models.CharField(max_length=10, choices=TIERS, blank=True)  # blank: no tier was suggested
    suggestion = models.CharField(max_length=40)  # its label
    reasons = models.JSONField(default=list)  # its sentences
    proposed = models.CharField(max_length=10, choices=TIERS_OR_NONE)
    reason = models.TextField()
    difference_reason = models.TextField(blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    question = models.TextField(blank=True)  # what the manager asks when sending it back

    class Meta:
        indexes = [models.Index(fields=["case", "-submitted_at"], name="proposal_of_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "author"], condition=Q(state="waiting"), name="proposal_one_waiting_an_author"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_has_a_reason"),
            models.CheckConstraint(
                condition=Q(proposed=F("suggested")) | Q(proposed=NO_CONCERN, suggested="") | ~Q(difference_reason=""),
                name="proposal_says_why_it_differs",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(question=""), name="proposal_sent_back_with_a_question"
            ),
        ]

    def __str__(self) -> str:
        return f"Proposal of {self.proposed}"


class TierDecision(CaseRecord):
    """A manager's decision on a proposal. `waits_for_cpm`: low may not take effect until a CPM agrees (BR-01)."""

    class Override(models.TextChoices):
        NEW_INFORMATION = "new_information", "New information"
        JUDGEMENT = "judgement", "Professional judgement"
        MULTI_AGENCY = "multi_agency", "Multi-agency decision"
        POLICE = "police", "Police intelligence"
        OTHER = "other", "Other"

    proposal = models.OneToOneField(TierProposal, on_delete=models.PROTECT, related_name="decision")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    decided = models.CharField(max_length=10, choices=TIERS_OR_NONE)
    reason = models.TextField()
    override = models.CharField(max_length=20, choices=Override, blank=True)  # where it is not what was proposed
    second_decider = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    waits_for_cpm = models.BooleanField(default=False)
    grounds = models.JSONField(default=list)  # why a CPM must agree, in sentences
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-decided_at"], name="decision_of_case")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason")]

    def __str__(self) -> str:
        return f"Decision of {self.decided}"


class CPMMatter(CaseRecord):
    """A question that only a CPM's answer, or a manager deciding medium or high, closes (ruling Q1)."""

    class Opened(models.TextChoices):
        LOW_DECIDED = "low_decided", "A manager decided low"
        SEND_RECORDED = "send_recorded", "SEND was recorded for a child who is low"
        AGE_CORRECTED = "age_corrected", "The date of birth of a child who is low was corrected"

    decision = models.ForeignKey(TierDecision, on_delete=models.PROTECT, null=True, related_name="+")
    opened_because = models.CharField(max_length=20, choices=Opened)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case"], name="cpm_matter_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(closed_at__isnull=True), name="cpm_matter_one_open")
        ]

    def __str__(self) -> str:
        return f"CPM matter {self.pk}"


class CPMAgreement(CaseRecord):
    """A CPM's answer to one decision of low, on one version of one assessment, by its content."""

    decision = models.ForeignKey(TierDecision, on_delete=models.PROTECT, related_name="answers")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    outcome = models.CharField(max_length=30, choices=[(one.name.lower(), one.value) for one in CPMOutcome])
    required_tier = models.CharField(max_length=10, choices=TIERS, blank=True)
    names = ArrayField(models.CharField(max_length=20), default=list)  # kinds of assessment agreed
    supporting = ArrayField(models.BigIntegerField(), default=list)  # ids of the supporting assessments named
    sufficient_because = models.TextField(blank=True)
    more_needed = models.TextField(blank=True)
    reason = models.TextField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-decided_at"], name="cpm_answer_of_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="cpm_answer_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(outcome="not_agreed") | Q(required_tier__in=["medium", "high"]),
                name="cpm_not_agreed_names_the_tier",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="more_assessment_needed") | ~Q(more_needed=""), name="cpm_more_needed_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"CPM: {self.outcome}"


class EffectiveTier(CaseRecord):
    """The tier that is in effect from one moment to another: the append-only history of a child's tier.

    `provisional`: a floor while low waits for a CPM, for oversight and review only (ruling Q3). What the reasons
    are is in `TierDecision` and `CPMAgreement`, which fewer people see.
    """

    class Cause(models.TextChoices):
        DECISION = "decision", "Decided by a manager"
        FLOOR = "floor", "Low proposed: awaiting a Child Protection Manager"
        AGREEMENT = "agreement", "Agreed by a Child Protection Manager"
        REFUSAL = "refusal", "Required by a Child Protection Manager"
        SEND = "send", "SEND recorded: awaiting a Child Protection Manager"
        AGE = "age", "Date of birth corrected: awaiting a Child Protection Manager"

    tier = models.CharField(max_length=10, choices=TIERS_OR_NONE)
    provisional = models.BooleanField(default=False)
    cause = models.CharField(max_length=10, choices=Cause)
    decision = models.ForeignKey(TierDecision, on_delete=models.PROTECT, null=True, related_name="+")
    agreement = models.ForeignKey(CPMAgreement, on_delete=models.PROTECT, null=True, related_name="+")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-from_at"], name="tier_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until_at__isnull=True), name="tier_one_current"),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="tier_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(cause__in=["decision", "floor"]) | Q(decision__isnull=False),
                name="tier_rests_on_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(cause__in=["agreement", "refusal"]) | Q(agreement__isnull=False),
                name="tier_rests_on_an_agreement",
            ),
            models.CheckConstraint(
                condition=Q(provisional=False) | Q(tier__in=["medium", "high"], cause__in=["floor", "send", "age"]),
                name="tier_provisional_is_a_floor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier} from {self.from_at:%d %B %Y}"
