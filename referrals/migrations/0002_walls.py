"""Puts the referrals behind the second wall."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("access", "0005_giving")]

    operations = [
        protect_case_table("referrals_referral", Label.CASEWORK, own={"team_id": Own.TEAM, "author_id": Own.PERSON}),
        protect_case_table("referrals_escalationroute", Label.CASEWORK),
        protect_case_table(
            "referrals_informationreport", Label.POLICE, work_label=Label.POLICE, own={"author_id": Own.PERSON}
        ),
    ]
