"""The directory of the demo: who receives referrals here, a paused service, and test contact details."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, Team, User
from cre_case.demo.staff import HEALTH, VOLUNTARY
from referrals.directory import load
from referrals.models import Service, ServiceMaintainer

# (entry, agency that provides it, its team that receives referrals here)
RECEIVED_HERE = (
    ("Safe and Sound", VOLUNTARY, "Direct work team"),
    ("CAMHS", HEALTH, "Safeguarding children team"),
)
MAINTAINER = "voluntary"  # keeps the entry of Safe and Sound up to date
PAUSED, PAUSED_DAYS, PAUSED_WHY = "STEPS", 21, "No places this month."
TEST_PHONE = "01632 960000"  # of the numbers kept for drama: nobody answers


def load_demo_directory() -> None:
    """Loads the directory and ties the demo's agencies to it. Run by the owner of the tables."""
    with transaction.atomic():
        load()
        today = timezone.localdate()
        for name, agency, team in RECEIVED_HERE:
            Service.objects.filter(name=name).update(
                provider=Agency.objects.get(name=agency), team=Team.objects.get(name=team, agency__name=agency),
                phone=TEST_PHONE, email="referrals@example.org", replies_within=5, checked_on=today,
            )  # fmt: skip
        until = today + timedelta(days=PAUSED_DAYS)
        Service.objects.filter(name=PAUSED).update(paused_until=until, pause_reason=PAUSED_WHY, checked_on=today)
        ServiceMaintainer.objects.get_or_create(
            user=User.objects.get(username=MAINTAINER),
            permission=Permission.objects.get(codename="maintain_service"),
            content_object=Service.objects.get(name=RECEIVED_HERE[0][0]),
        )
