"""Child Protection Managers and reviewing officers are given a file when it needs them (ruling Q21)."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

GRANTS = Path(__file__).resolve().parent.parent / "sql" / "grants.sql"
SOURCES = [
    ("team", "Team"), ("allocation", "Allocation"), ("share", "Shared"), ("referral", "Referral"),
    ("invitation", "Invited to a meeting"), ("oversight", "Oversees the work"),
    ("stated_reason", "City-wide access, with a reason"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("access", "0006_notices")]

    operations = [
        migrations.AlterField("caseaccess", "source", models.CharField(choices=SOURCES, max_length=20)),
        migrations.RemoveConstraint("caseaccess", "access_shared_always_ends"),
        migrations.AddConstraint(
            "caseaccess",
            models.CheckConstraint(
                condition=Q(valid_until__isnull=False) | Q(source__in=["team", "allocation", "oversight"]),
                name="access_shared_always_ends",
            ),
        ),
        migrations.RunSQL(GRANTS.read_text(), reverse_sql=migrations.RunSQL.noop),
    ]
