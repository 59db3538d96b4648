"""Puts the reports behind the second wall."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

AUTHOR = {"agency_id": Own.AGENCY, "author_id": Own.PERSON}


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial"), ("access", "0005_giving")]

    operations = [
        protect_case_table("duties_mandatoryreport", Label.CASEWORK, own=AUTHOR),
    ]
