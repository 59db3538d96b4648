"""One view of everything that happens on a file, so that the timeline is one short statement."""

from django.db import migrations, models

# Read as whoever asks, so that each table's own wall stands. A day without an hour is its beginning in Derby.
MOMENTS = """
CREATE VIEW children_moment WITH (security_invoker = true) AS
SELECT n.id, n.case_id, CASE n.kind WHEN 'visit' THEN 'visits' ELSE 'notes' END AS kind,
       CASE n.kind WHEN 'visit' THEN 'visit' ELSE 'note' END AS event, n.happened_at AS at,
       u.name || ', ' || a.name AS by, n.text, n.kind::text AS code, n.seen::text AS detail, n.author_id, n.agency_id
FROM children_casenote AS n
JOIN accounts_user AS u ON u.id = n.author_id
JOIN accounts_agency AS a ON a.id = n.agency_id
UNION ALL
SELECT c.id, c.case_id, 'contacts', 'contact', c.received_at,
       u.name::text, c.details, c.method::text, c.source::text, NULL::bigint, NULL::bigint
FROM children_contact AS c
JOIN accounts_user AS u ON u.id = c.recorded_by_id
UNION ALL
SELECT d.id, d.case_id, 'decisions', 'decision', d.decided_at,
       u.name::text, d.reason, d.complicity::text, p.name::text, NULL::bigint, NULL::bigint
FROM children_contactsafetydecision AS d
JOIN children_person AS p ON p.id = d.person_id
JOIN accounts_user AS u ON u.id = d.decided_by_id
UNION ALL
SELECT l.id, l.case_id, 'allocations', 'allocation', l.started_at,
       u.name::text, l.reason::text, '', w.name || ', ' || t.name, NULL::bigint, NULL::bigint
FROM access_allocation AS l
JOIN accounts_user AS w ON w.id = l.worker_id
JOIN accounts_team AS t ON t.id = l.team_id
JOIN accounts_user AS u ON u.id = l.allocated_by_id
UNION ALL
SELECT w.id, w.case_id, 'warnings', e.event, e.at,
       u.name::text, w.advice::text, '', '', NULL::bigint, NULL::bigint
FROM children_workersafetywarning AS w
CROSS JOIN LATERAL (VALUES ('warning_raised', w.raised_at, w.raised_by_id),
                           ('warning_ended', w.ended_at, w.ended_by_id)) AS e (event, at, by_id)
JOIN accounts_user AS u ON u.id = e.by_id
UNION ALL
SELECT o.id, o.case_id, 'plans', e.event, e.day::timestamp AT TIME ZONE 'Europe/London',
       u.name::text, o.lead::text, o.kind::text, '', NULL::bigint, NULL::bigint
FROM children_otherplan AS o
CROSS JOIN LATERAL (VALUES ('plan_started', o.started_on), ('plan_ended', o.ended_on)) AS e (event, day)
JOIN accounts_user AS u ON u.id = o.recorded_by_id
WHERE e.day IS NOT NULL;
GRANT SELECT ON children_moment TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [("children", "0002_walls")]

    operations = [
        migrations.RunSQL(MOMENTS, reverse_sql="DROP VIEW children_moment"),
        migrations.CreateModel(
            name="Moment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("case", models.UUIDField(db_column="case_id")),
                ("kind", models.TextField()),
                ("event", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("text", models.TextField()),
                ("code", models.TextField()),
                ("detail", models.TextField()),
            ],
            options={"db_table": "children_moment", "managed": False},
        ),
    ]
