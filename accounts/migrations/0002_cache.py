"""The table of the database cache, which counts failed sign-ins. Not case data."""

from django.db import migrations

TABLE = """
CREATE TABLE cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX cache_expires ON cache (expires);
GRANT SELECT, INSERT, UPDATE, DELETE ON cache TO cre_app;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(TABLE, reverse_sql="DROP TABLE cache")]
