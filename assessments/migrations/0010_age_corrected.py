"""A worker who corrects a date of birth raises the floor of a child who is low, as one who records SEND does."""

from django.db import migrations

RULES = """
DROP POLICY opened_by_who_may ON assessments_cpmmatter;
CREATE POLICY opened_by_who_may ON assessments_cpmmatter AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (sec.may('decide_tier', case_id)
                OR (opened_because IN ('send_recorded', 'age_corrected') AND sec.may('edit_child', case_id)));
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_corrected")]

    operations = [migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop)]
