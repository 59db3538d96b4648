"""`manage.py load_directory`: the services that the offer names, as entries of the directory."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from referrals.directory import load


class Command(BaseCommand):
    help = "Adds the services of the offer that are not in the directory. Run as the owner of the tables."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            added = load()
        self.stdout.write(f"{added} services added to the directory.")
