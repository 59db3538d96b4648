"""Each minute's lines of the ledger are sealed. The SQL is in access/sql/seals.sql."""

from pathlib import Path

from django.db import migrations, models

SEALS = Path(__file__).resolve().parent.parent / "sql" / "seals.sql"

# Lines from before have the place of this migration's own transaction, so the first seal covers them all.
PLACES = """
UPDATE access_auditevent SET position = sec.ledger_position();
ALTER TABLE access_auditevent ALTER COLUMN position SET DEFAULT sec.ledger_position(),
    ALTER COLUMN position SET NOT NULL;
ALTER TABLE access_ledgerseal ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_ledgerseal FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0008_closing")]

    operations = [
        migrations.CreateModel(
            name="LedgerSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("starts", models.BigIntegerField()),
                ("ends", models.BigIntegerField()),
                ("lines", models.IntegerField()),
                ("leaves", models.BinaryField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(lines__gt=0) & models.Q(ends__gt=models.F("starts")),
                        name="seal_of_something",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE access_auditevent ADD COLUMN position bigint",
            reverse_sql=migrations.RunSQL.noop,
            state_operations=[
                migrations.AddField(
                    "auditevent", "position", models.BigIntegerField(editable=False), preserve_default=False
                )
            ],
        ),
        migrations.RunSQL(SEALS.read_text(), reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(PLACES, reverse_sql=migrations.RunSQL.noop),
        migrations.AddIndex("auditevent", models.Index(fields=["position", "id"], name="event_by_position")),
    ]
