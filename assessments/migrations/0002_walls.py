"""Puts the assessments and tiers behind the second wall."""

from django.db import migrations

from access.operations import open_to_runtime, protect_case_table
from access.parts import Label, Own

AUTHOR = {"agency_id": Own.AGENCY, "author_id": Own.PERSON}


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("access", "0005_giving")]

    operations = [
        open_to_runtime(
            "SELECT", "assessments_toolkitversion", "assessments_toolkitsection", "assessments_toolkititem"
        ),
        protect_case_table("assessments_assessment", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_answer", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_protectivefactor", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_consideredtype", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_carerview", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_supportingassessment", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_tierproposal", Label.CASEWORK, own=AUTHOR),
        protect_case_table("assessments_tierdecision", Label.SAFETY, writes=["INSERT"]),
        protect_case_table("assessments_cpmmatter", Label.CASEWORK),
        protect_case_table("assessments_cpmagreement", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("assessments_effectivetier", Label.PLAN),
    ]
