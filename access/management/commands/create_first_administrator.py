"""A new database has nobody who could create an account. This makes the one who can, and only that one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Agency, Membership, Team, User
from accounts.roles import AgencyKind, Role


class Command(BaseCommand):
    help = "Creates the first system administrator. Run it as the owner of the tables (see docs/operating.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--agency", default="Derby City Council", help="the council that runs the service")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        live = {"ended_at__isnull": True, "user__is_active": True}
        if Membership.objects.filter(role=Role.SYSTEM_ADMIN, **live).exists():
            raise CommandError("There is a system administrator already. Ask them for an account.")
        council, _ = Agency.objects.get_or_create(name=options["agency"], defaults={"kind": AgencyKind.COUNCIL})
        team, _ = Team.objects.get_or_create(agency=council, name="Systems")
        person = User(username=options["username"].lower(), name=options["name"], job_title="System administrator")
        password = person.set_one_time_password()
        person.save()
        Membership.objects.create(user=person, team=team, role=Role.SYSTEM_ADMIN)
        self.stdout.write(f"User name: {person.username}\nOne-time password, shown once: {password}")
