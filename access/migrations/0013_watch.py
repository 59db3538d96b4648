"""What in the ledger is more than work asks for is noted for the auditor. The SQL is in access/sql/watch.sql."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WATCH = Path(__file__).resolve().parent.parent / "sql" / "watch.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0012_declaring"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadingAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pattern",
                    models.CharField(
                        choices=[
                            ("files", "Opened many different files in an hour"),
                            ("refusals", "Was refused, or tried what is not there, many times in an hour"),
                            ("searches", "Searched for many children in an hour"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField()),
                ("amount", models.IntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, db_default="")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-last_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)), fields=["-last_at"], name="alert_unanswered"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "pattern", "day"), name="alert_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="alert_answered_in_words",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WATCH.read_text(), reverse_sql=migrations.RunSQL.noop),
    ]
