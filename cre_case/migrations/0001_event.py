"""The view of what happened in assessments, reports, safety plans, copies, meetings and referrals."""

import django.contrib.postgres.fields
from django.db import migrations, models

EVENTS = """
CREATE VIEW cre_case_event WITH (security_invoker = true) AS
SELECT a.id, a.case_id, 'assessment' AS kind, a.submitted_at AS at, u.name::text AS by, '' AS text, '' AS detail,
       a.author_id, a.agency_id, NULL::bigint[] AS agencies, NULL::bigint AS team_id
FROM assessments_assessment AS a
JOIN accounts_user AS u ON u.id = a.author_id
WHERE a.submitted_at IS NOT NULL
UNION ALL
SELECT t.id, t.case_id, 'tier', t.from_at, u.name::text, '', t.tier::text, NULL, NULL, NULL, NULL
FROM assessments_effectivetier AS t
JOIN accounts_user AS u ON u.id = t.set_by_id
UNION ALL
SELECT r.id, r.case_id, e.kind, e.at, u.name::text, '', r.rule_id::text, r.author_id, r.agency_id, NULL, NULL
FROM duties_mandatoryreport AS r
CROSS JOIN LATERAL (VALUES ('to_report', r.opened_at, r.author_id),
                           ('reported', r.reported_at, r.reporter_id)) AS e (kind, at, by_id)
JOIN accounts_user AS u ON u.id = e.by_id
WHERE e.at IS NOT NULL
UNION ALL
SELECT s.id, s.case_id, 'safety_plan', s.approved_at, u.name::text, '', s.kind::text, NULL, NULL, NULL, NULL
FROM plans_safetyplan AS s
JOIN accounts_user AS u ON u.id = s.approved_by_id
WHERE s.approved_at IS NOT NULL
UNION ALL
SELECT c.id, c.case_id, 'copy', c.asked_at, u.name::text, '', c.recipient_name::text, c.author_id, c.agency_id, NULL,
       NULL
FROM plans_copy AS c
JOIN accounts_user AS u ON u.id = c.author_id
UNION ALL
SELECT m.id, m.case_id, 'meeting', m.held_at, m.chair_name::text, m.summary, m.kind::text, m.author_id, NULL,
       m.agencies, NULL
FROM meetings_meeting AS m
WHERE m.held_at IS NOT NULL
UNION ALL
SELECT f.id, f.case_id, e.kind, e.at, u.name::text, e.said, s.name::text, f.author_id, NULL, NULL, f.team_id
FROM referrals_referral AS f
JOIN referrals_service AS s ON s.id = f.service_id
CROSS JOIN LATERAL (VALUES ('referral', f.sent_at, f.author_id, ''),
                           ('answer', f.answered_at, f.answered_by_id, f.answer)) AS e (kind, at, by_id, said)
JOIN accounts_user AS u ON u.id = e.by_id
WHERE e.at IS NOT NULL;
GRANT SELECT ON cre_case_event TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0003_toolkit"),
        ("duties", "0002_walls"),
        ("plans", "0003_copies"),
        ("meetings", "0002_walls"),
        ("referrals", "0002_walls"),
    ]

    operations = [
        migrations.RunSQL(EVENTS, reverse_sql="DROP VIEW cre_case_event"),
        migrations.CreateModel(
            name="CaseworkEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.UUIDField(db_column="case_id")),
                ("kind", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("text", models.TextField()),
                ("detail", models.TextField()),
                ("agencies", django.contrib.postgres.fields.ArrayField(
                    base_field=models.BigIntegerField(), null=True, size=None)),
            ],
            options={"db_table": "cre_case_event", "managed": False},
        ),
    ]  # fmt: skip
