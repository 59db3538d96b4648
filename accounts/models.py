from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.passwords import ONE_TIME_PASSWORD_DAYS, new_one_time_password
from accounts.roles import AgencyKind, Role


class Agency(models.Model):
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=AgencyKind)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who share access. A team can be a subject of access: what it holds, each member holds.

    `city_wide_level` above 0 is standing access to every file (the out-of-hours team may work, quality
    assurance may look), limited to `city_wide_labels`; its members are asked for a reason at each file.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    receives_contacts = models.BooleanField(default=False)
    city_wide_level = models.PositiveSmallIntegerField(default=0)
    city_wide_labels = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["agency__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="team_name_once_per_agency"),
            models.CheckConstraint(
                condition=Q(city_wide_level=0) | Q(city_wide_labels__len__gt=0), name="team_city_wide_names_its_labels"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.agency.name}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Nobody is a superuser: the database refuses it."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)  # got in with a password somebody else has seen
    one_time_password_until = models.DateTimeField(null=True, blank=True)
    session_epoch = models.PositiveIntegerField(default=0)  # counting it up ends every session of the person
    version = models.PositiveIntegerField(default=1)

    shown_once = ""  # a one-time password that was just made, for the page that shows it

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="user_is_never_superuser"),
            models.CheckConstraint(
                condition=Q(is_active=True, ended_at__isnull=True) | Q(is_active=False, ended_at__isnull=False),
                name="user_ended_means_inactive",
            ),
            models.CheckConstraint(condition=Q(username=Lower("username")), name="user_name_is_lower_case"),
            models.CheckConstraint(
                condition=Q(one_time_password_until__isnull=True) | Q(must_change_password=True),
                name="user_one_time_password_must_change",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def one_time_password_has_run_out(self) -> bool:
        return self.one_time_password_until is not None and self.one_time_password_until <= timezone.now()

    def set_one_time_password(self) -> str:
        """Sets a password that works for some days, only to choose another one. Returns it; only its hash is stored."""
        self.shown_once = new_one_time_password()
        self.set_password(self.shown_once)
        self.must_change_password = True
        self.one_time_password_until = timezone.now() + timedelta(days=ONE_TIME_PASSWORD_DAYS)
        return self.shown_once

    def set_own_password(self, password: str) -> None:
        """Sets a password that only this person knows."""
        self.set_password(password)
        self.must_change_password = False
        self.one_time_password_until = None

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this at each request: another password or another epoch ends the session."""
        salt = "accounts.models.User.session"
        return salted_hmac(salt, f"{self.password}.{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """A person holds a role in a team from one moment to another. Never deleted, only ended."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    started_at = models.DateTimeField(db_default=Now())
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["team__name", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team", "role"], condition=Q(ended_at__isnull=True), name="membership_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(started_by=F("user")), name="membership_not_granted_to_self"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.team.name}"


class Subject(models.Model):
    """What access is granted to: one row for each team and each person, made by a trigger."""

    team = models.OneToOneField(Team, on_delete=models.PROTECT, null=True, related_name="subject")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="subject")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=True, user__isnull=False) | Q(team__isnull=False, user__isnull=True),
                name="subject_is_a_team_or_a_person",
            )
        ]

    def __str__(self) -> str:
        return str(self.team or self.user)


class Notice(models.Model):
    """Something to look at: a line in a person's inbox here and, for most, an e-mail.

    It holds no word of a case: a sentence from a fixed list, the file's reference, and a path. The sender is the clock
    (its database role may add one) or, of an emergency, the second wall; the person may mark it read, and nothing else.
    """

    class Kind(models.TextChoices):
        """All that a notice can say. No sentence names a child, a service or a kind of harm."""

        SOON = "soon", "A task of yours is due soon."
        DUE = "due", "A task of yours has reached its time limit."
        OVERDUE = "overdue", "A task of yours is overdue."
        UNOWNED = "unowned", "A task of your team needs somebody to do it."
        TEAM_OVERDUE = "team_overdue", "A task of your team is overdue."
        SERVICE_OVERDUE = "service_overdue", "A task of your service is overdue by several days."
        EMERGENCY = "emergency", "A restricted file was opened in an emergency."

    class Mail(models.TextChoices):
        NONE = "none", "Not by e-mail"
        AT_ONCE = "at_once", "By itself, at once"
        DIGEST = "digest", "With others, once a day"

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    reference = models.CharField(max_length=20)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=Mail)
    mailed_at = models.DateTimeField(null=True)
    try_after = models.DateTimeField(db_default=Now())  # a lease while it is being sent, a pause after it failed
    attempts = models.PositiveIntegerField(db_default=0)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_of_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(
                fields=["try_after"], condition=Q(mailed_at__isnull=True) & ~Q(mail="none"), name="notice_to_mail"
            ),
            models.Index(fields=["recipient", "mailed_at"], condition=Q(mail="digest"), name="notice_digest_sent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["soon", "due", "overdue", "unowned", "team_overdue", "service_overdue", "emergency"]
                ),
                name="notice_known_kind",
            ),
            models.CheckConstraint(condition=Q(mail__in=["none", "at_once", "digest"]), name="notice_known_mail"),
            models.CheckConstraint(condition=Q(path__regex=r"^/[a-z0-9/-]*$"), name="notice_path_is_ours"),
            models.CheckConstraint(
                condition=Q(reference__regex=r"^CRE-[A-Z0-9]{1,12}$"), name="notice_reference_alone"
            ),
            models.CheckConstraint(
                condition=Q(mailed_at__isnull=True) | ~Q(mail="none"), name="notice_mailed_only_if_wanted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
