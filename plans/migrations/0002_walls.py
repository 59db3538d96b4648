"""Puts the plans and copies behind the second wall."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

AUTHOR = {"agency_id": Own.AGENCY, "author_id": Own.PERSON}


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial"), ("access", "0005_giving")]

    operations = [
        protect_case_table("plans_serviceplan", Label.PLAN),
        protect_case_table("plans_planitem", Label.PLAN, own={"agency_id": Own.AGENCY, "owner_id": Own.PERSON}),
        protect_case_table("plans_itemsession", Label.PLAN, writes=["INSERT"], own=AUTHOR),
        protect_case_table("plans_triggerplan", Label.SAFETY),
        protect_case_table("plans_safetyplan", Label.SAFETY),
        protect_case_table("plans_contextualrisk", Label.SAFETY),
        protect_case_table("plans_riskaction", Label.SAFETY, writes=["INSERT"]),
        protect_case_table("plans_transitionconsideration", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("plans_copy", Label.CASEWORK, own=AUTHOR),
    ]
