"""Closing a file, and what the database itself asks before it is closed. Sentences: plans.closing."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from access.operations import protect_case_table
from access.parts import Label

CLOSING = Path(__file__).resolve().parent.parent / "sql" / "closing.sql"

RULES = """
CREATE POLICY by_its_author ON plans_caseclosure AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (state = 'proposed' AND proposed_by_id = (SELECT sec.principal()));
CREATE POLICY sent_back_by_who_may ON plans_caseclosure AS RESTRICTIVE FOR UPDATE TO cre_app
    USING (state = 'proposed')
    WITH CHECK (state = 'sent_back' AND decided_by_id = (SELECT sec.principal()) AND sec.may('close_case', case_id));
REVOKE UPDATE ON plans_caseclosure FROM cre_app;
GRANT UPDATE (state, answer, decided_by_id, decided_at) ON plans_caseclosure TO cre_app;

GRANT CREATE ON SCHEMA sec TO cre_sec;
GRANT SELECT, UPDATE ON plans_caseclosure TO cre_sec;
GRANT SELECT ON plans_transitionconsideration, assessments_effectivetier, duties_mandatoryreport, children_child TO cre_sec;
SET LOCAL ROLE cre_sec;

-- The 18th birthday; of who is born on 29 February, 1 March.
CREATE FUNCTION sec.adult_from(born date) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN extract(month FROM born) = 2 AND extract(day FROM born) = 29
                THEN make_date(extract(year FROM born)::integer + 18, 3, 1) ELSE (born + interval '18 years')::date END
$$;

-- Whether a file may be closed for a reason, as far as the tables tell: the guard on low and the outcome of transition
-- are not got round by closing, and nothing that must be reported is left behind.
CREATE FUNCTION sec.check_closing(wanted_case uuid, why text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    last assessments_effectivetier;
    born date;
BEGIN
    IF EXISTS (SELECT FROM assessments_cpmmatter AS m WHERE m.case_id = wanted_case AND m.closed_at IS NULL)
       OR EXISTS (SELECT FROM assessments_tierproposal AS p WHERE p.case_id = wanted_case AND p.state = 'waiting')
       OR EXISTS (SELECT FROM duties_mandatoryreport AS r WHERE r.case_id = wanted_case AND r.state = 'open') THEN
        RAISE check_violation USING MESSAGE = 'A file is closed once what waits on it is decided and reported.';
    END IF;
    SELECT * INTO last FROM assessments_effectivetier AS t WHERE t.case_id = wanted_case
        ORDER BY t.from_at DESC, t.id DESC LIMIT 1;
    IF why = 'no_concern'
       AND EXISTS (SELECT FROM assessments_assessment AS a WHERE a.case_id = wanted_case AND a.submitted_at IS NOT NULL)
       AND (last.id IS NULL OR last.provisional OR last.tier NOT IN ('low', 'none')) THEN
        RAISE check_violation USING MESSAGE = 'A file is not closed as of no concern above low.';
    END IF;
    IF why IN ('turned_18', 'adult_services') THEN
        SELECT c.date_of_birth INTO born FROM children_child AS c WHERE c.case_id = wanted_case;
        IF born IS NULL OR (now() AT TIME ZONE 'Europe/London')::date < sec.adult_from(born)
           OR coalesce((SELECT t.outcome FROM plans_transitionconsideration AS t WHERE t.case_id = wanted_case
                        ORDER BY t.considered_at DESC, t.id DESC LIMIT 1), 'deferred') = 'deferred' THEN
            RAISE check_violation USING MESSAGE = 'No file is closed by age before 18, or without an outcome of transition.';
        END IF;
    END IF;
END $$;

RESET ROLE;
REVOKE CREATE ON SCHEMA sec FROM cre_sec;
REVOKE EXECUTE ON FUNCTION sec.adult_from(date), sec.check_closing(uuid, text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_closing"),
        ("assessments", "0004_one_draft_an_author"),
        ("duties", "0002_walls"),
        ("plans", "0003_copies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseClosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for a manager"),
                            ("sent_back", "Sent back"),
                            ("closed", "Closed"),
                            ("reopened", "Opened again"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("no_concern", "The work is complete and there is no current concern"),
                            ("moved", "Another authority is responsible now"),
                            ("adult_services", "Handed over to adults' services"),
                            ("turned_18", "Turned 18"),
                            ("died", "The child has died"),
                        ],
                        max_length=20,
                    ),
                ),
                ("summary", models.TextField()),
                ("receiver", models.CharField(blank=True, max_length=200)),
                ("proposed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("answer", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reopened_because", models.TextField(blank=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.casefile"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "-proposed_at"], name="closure_of_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "closed"])),
                        fields=("case",),
                        name="closure_one_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("summary", ""), _negated=True), name="closure_has_a_summary"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="closure_decided_by_when_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="closure_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason__in", ["moved", "adult_services"]), _negated=True),
                            models.Q(("receiver", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="closure_names_who_takes_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "reopened"), _negated=True),
                            models.Q(
                                ("reopened_at__isnull", False),
                                ("reopened_by__isnull", False),
                                models.Q(("reopened_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="closure_reopened_by_when_and_why",
                    ),
                ],
            },
        ),
        protect_case_table("plans_caseclosure", Label.CASEWORK),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(CLOSING.read_text(), reverse_sql=migrations.RunSQL.noop),
    ]
