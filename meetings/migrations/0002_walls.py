"""Puts the meetings behind the second wall."""

from django.db import migrations

from access.operations import protect_case_table
from access.parts import Label, Own

INVITED = {"agencies": Own.AGENCIES, "author_id": Own.PERSON}


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("access", "0005_giving")]

    operations = [
        protect_case_table("meetings_meeting", Label.CASEWORK, own=INVITED),
        protect_case_table("meetings_invitation", Label.CASEWORK, own={"agency_id": Own.AGENCY, "user_id": Own.PERSON}),
        protect_case_table("meetings_meetingdecision", Label.CASEWORK, writes=["INSERT"], own=INVITED),
        protect_case_table("meetings_dissent", Label.CASEWORK, writes=["INSERT"], own=INVITED),
        protect_case_table("meetings_strategyoutcome", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("meetings_agencyconsultation", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("meetings_thresholddiscussion", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("meetings_consultedfor", Label.CASEWORK, writes=["INSERT"]),
        protect_case_table("meetings_taskinglisting", Label.CASEWORK),
    ]
