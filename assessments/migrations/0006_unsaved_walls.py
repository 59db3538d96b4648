"""Puts what is being typed behind the second wall: its author's alone, in a draft of its file."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

RULES = """
ALTER TABLE assessments_unsavedpart ADD CONSTRAINT unsavedpart_on_its_file
    FOREIGN KEY (assessment_id, case_id) REFERENCES assessments_assessment (id, case_id);
CREATE POLICY of_its_author ON assessments_unsavedpart AS RESTRICTIVE FOR ALL TO cre_app
    USING (author_id = (SELECT sec.principal()))
    WITH CHECK (author_id = (SELECT sec.principal()));
CREATE POLICY in_a_draft ON assessments_unsavedpart AS RESTRICTIVE FOR INSERT TO cre_app
    WITH CHECK (EXISTS (SELECT FROM assessments_assessment AS a WHERE a.id = assessment_id AND a.state = 'draft'));
REVOKE UPDATE ON assessments_unsavedpart FROM cre_app;
GRANT UPDATE (typed, form_key, kept_at) ON assessments_unsavedpart TO cre_app;
CREATE TRIGGER guard_submitted BEFORE UPDATE ON assessments_unsavedpart
    FOR EACH ROW WHEN (NEW.typed <> '') EXECUTE FUNCTION sec.guard_submitted();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_unsavedpart")]

    operations = [
        protect_case_table("assessments_unsavedpart", Label.CASEWORK, own={"author_id": Own.PERSON}, history=False),
        migrations.RunSQL(RULES, reverse_sql=migrations.RunSQL.noop),
    ]
