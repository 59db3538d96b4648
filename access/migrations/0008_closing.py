"""A file may be closed: `closed_at` is set by the second wall's own functions, and by nobody at the runtime role."""

from django.db import migrations, models

# The runtime role locks a file's row while it works on the file, for which any column will do. It changes none.
RULES = """
REVOKE UPDATE ON access_casefile FROM cre_app;
GRANT UPDATE (id) ON access_casefile TO cre_app;
-- Whoever may open a closed file again holds it only to look, and must lock it to do so.
CREATE POLICY lock_to_reopen ON access_casefile FOR UPDATE TO cre_app
    USING (closed_at IS NOT NULL AND sec.may('reopen_case', id)) WITH CHECK (false);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0007_oversight")]

    operations = [
        migrations.AddField("casefile", "closed_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
