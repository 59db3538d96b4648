"""Puts the clocks behind the second wall."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0003_clocks"), ("access", "0005_giving")]

    operations = [
        protect_case_table("deadlines_deadline", Label.CASEWORK, own={"started_by_id": Own.PERSON}),
        protect_case_table("deadlines_breach", Label.CASEWORK, writes=["INSERT"]),
    ]
