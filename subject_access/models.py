from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from access.models import CaseRecord, VersionedRecord
from accounts.models import User
from children.models import Person
from offer.subject_access import Asker, Ground
from plans.models import Copy

GROUNDS = [(one.name.lower(), one.value) for one in Ground]


class SubjectAccessRequest(VersionedRecord):
    """Somebody asked to see what the file says of them (UK GDPR article 15; DOMAIN 6.3), and how that ended."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Being prepared"
        PREPARED = "prepared", "Waiting for a second reader"
        GIVEN = "given", "Given"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OPEN = (State.PREPARING, State.PREPARED)

    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    asker = models.CharField(max_length=20, choices=[(one.name.lower(), one.value) for one in Asker])
    asker_name = models.CharField(max_length=120)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # the parent who asks
    received_on = models.DateField()
    how_known = models.CharField(max_length=300)  # how we know that they are who they say, and may ask
    wanted = models.TextField(blank=True)  # what they ask to see; blank for everything
    longer_because = models.TextField(blank=True)  # why it needs two months more, as they were told
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    question = models.TextField(blank=True)  # what the second reader asks for before it can be given
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # how it was given, or why it was not
    given_as = models.OneToOneField(Copy, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "-received_on"], name="access_request_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(asker_name="") & ~Q(how_known=""), name="access_request_says_who_and_how_known"
            ),
            models.CheckConstraint(
                condition=Q(asker="parent", person__isnull=False) | ~Q(asker="parent") & Q(person__isnull=True),
                name="access_request_of_a_parent_names_them",
            ),
            models.CheckConstraint(
                condition=Q(prepared_by__isnull=True, prepared_at__isnull=True)
                | Q(prepared_by__isnull=False, prepared_at__isnull=False),
                name="access_request_prepared_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "prepared"], decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["given", "refused", "withdrawn"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(answer=""),
                name="access_request_decided_by_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(state="given", given_as__isnull=False, prepared_by__isnull=False)
                | ~Q(state="given") & Q(given_as__isnull=True),
                name="access_request_given_as_a_copy",
            ),
            models.CheckConstraint(
                condition=~Q(state="given") | ~Q(decided_by=F("prepared_by")), name="access_request_given_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"Request of {self.asker_name}"


class PassageDecision(CaseRecord):
    """Whether one passage of the file is given. It holds its title and no word of it: only where words are kept back.

    `digest` is of the passage as it read then; when it reads otherwise, the decision no longer counts.
    """

    request = models.ForeignKey(SubjectAccessRequest, on_delete=models.PROTECT, related_name="decisions")
    source = models.CharField(max_length=60)  # the record: "children.casenote:12"
    title = models.CharField(max_length=400)
    digest = models.CharField(max_length=64)
    given = models.BooleanField()
    kept_back = ArrayField(ArrayField(models.PositiveIntegerField(), size=2), default=list)  # from, to, in characters
    ground = models.CharField(max_length=20, choices=GROUNDS, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "request"], name="passage_decision_of_case")]
        constraints = [
            models.UniqueConstraint(fields=["request", "source"], name="passage_decision_once"),
            models.CheckConstraint(
                condition=Q(given=True, kept_back=[], ground="")
                | Q(given=False, kept_back=[]) & ~Q(ground="")
                | Q(given=True) & ~Q(kept_back=[]) & ~Q(ground=""),
                name="passage_kept_back_on_a_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {'given' if self.given else 'kept back'}"
