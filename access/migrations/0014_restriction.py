"""Files restricted to named people, existence-only access and opening in an emergency. SQL: access/sql/restriction.sql."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from access.operations import protect_case_table
from access.parts import Label

SQL = Path(__file__).resolve().parent.parent / "sql"
NOOP = migrations.RunSQL.noop


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_watch"),
        ("accounts", "0004_emergency_notice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EmergencyReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was_needed", models.BooleanField()),
                ("finding", models.TextField()),
                ("reviewed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("staff", "A member of staff, or a relative of one"),
                            ("adoption", "Adoption"),
                            ("witness_protection", "Witness protection"),
                            ("honour_based", "Forced marriage, FGM or honour-based abuse"),
                            ("prevent", "Prevent"),
                            ("police_operation", "A police operation"),
                            ("complicit_staff", "A parent believed complicit works for an agency"),
                            ("high_profile", "A child or family of public interest"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("restricted_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("held", models.JSONField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_because", models.TextField(blank=True, db_default="")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="caseaccess",
            name="access_shared_always_ends",
        ),
        migrations.AddField(
            model_name="casefile",
            name="restricted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="caseaccess",
            name="level",
            field=models.PositiveSmallIntegerField(choices=[(0, "EXISTENCE"), (1, "VIEW"), (2, "WORK")]),
        ),
        migrations.AlterField(
            model_name="caseaccess",
            name="source",
            field=models.CharField(
                choices=[
                    ("team", "Team"),
                    ("allocation", "Allocation"),
                    ("share", "Shared"),
                    ("referral", "Referral"),
                    ("invitation", "Invited to a meeting"),
                    ("oversight", "Oversees the work"),
                    ("stated_reason", "City-wide access, with a reason"),
                    ("named", "Named on a restricted file"),
                    ("existence", "Knows that there is a file"),
                    ("break_glass", "Opened in an emergency"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="caseaccess",
            index=models.Index(condition=models.Q(("level", 0)), fields=["subject"], name="access_existence"),
        ),
        migrations.AddIndex(
            model_name="caseaccess",
            index=models.Index(
                condition=models.Q(("source__in", ["stated_reason", "break_glass"])),
                fields=["-valid_from"],
                name="access_emergency",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", False),
                    ("source__in", ["team", "allocation", "oversight", "named", "existence"]),
                    _connector="OR",
                ),
                name="access_shared_always_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("level__gt", 0),
                    models.Q(("labels", ["core"]), ("source__in", ["existence", "share"])),
                    _connector="OR",
                ),
                name="access_existence_is_no_more",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("source", "existence"), _negated=True), ("level", 0), _connector="OR"),
                name="access_of_existence_only",
            ),
        ),
        migrations.AddField(
            model_name="emergencyreview",
            name="access",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.caseaccess"
            ),
        ),
        migrations.AddField(
            model_name="emergencyreview",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.casefile"
            ),
        ),
        migrations.AddField(
            model_name="emergencyreview",
            name="reviewed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="restriction",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.casefile"
            ),
        ),
        migrations.AddField(
            model_name="restriction",
            name="lifted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="restriction",
            name="restricted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencyreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("finding", ""), _negated=True), name="review_says_what_was_found"
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)), fields=("case",), name="restriction_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="restriction_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(
                        ("lifted_at__isnull", False),
                        ("lifted_by__isnull", False),
                        models.Q(("lifted_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="restriction_lifted_in_words",
            ),
        ),
        migrations.RunSQL((SQL / "restriction.sql").read_text(), reverse_sql=NOOP),
        migrations.RunSQL((SQL / "grants.sql").read_text(), reverse_sql=NOOP),
        protect_case_table("access_emergencyreview", Label.CASEWORK, writes=[]),
        protect_case_table("access_restriction", Label.CASEWORK, writes=[]),
        # Why a file is restricted is known to those who may restrict it. A banner never says it.
        migrations.RunSQL(
            "CREATE POLICY why ON access_restriction AS RESTRICTIVE FOR SELECT TO cre_app USING (sec.may('restrict', case_id))",
            reverse_sql=NOOP,
        ),
    ]
