"""What happened to a file in the packages to the right, in one view: nothing is kept here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from access.parts import Own
from access.querysets import CaseRecordQuerySet
from accounts.models import Agency, Team, User


class CaseworkEvent(models.Model):
    """Something that happened to a file: a view of the records it was written down in, so nothing is kept twice.

    The view reads each table as whoever asks, so the second wall stands; start from `allowing_each`. `id` is that of
    the record, so two events may share one.
    """

    own_by = {"agency": Own.AGENCY, "agencies": Own.AGENCIES, "team": Own.TEAM, "author": Own.PERSON}

    case = models.UUIDField(db_column="case_id")  # no foreign key: a view has no row that could point to a file
    kind = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    text = models.TextField()
    detail = models.TextField()
    author = models.ForeignKey(User, on_delete=models.DO_NOTHING, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, null=True, related_name="+")
    agencies = ArrayField(models.BigIntegerField(), null=True)
    team = models.ForeignKey(Team, on_delete=models.DO_NOTHING, null=True, related_name="+")

    objects = CaseRecordQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "cre_case_event"

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%d %B %Y}"
