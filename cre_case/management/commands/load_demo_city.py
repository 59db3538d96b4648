"""`manage.py load_demo_city`: an invented city to try the program with, or a big one to measure it with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from cre_case.demo.accounts_table import accounts_as_text
from cre_case.demo.city import CAST, City
from cre_case.demo.clock import Clock
from cre_case.demo.directory import load_demo_directory
from cre_case.demo.load import NotADemo, empty_demo, holds_anything, is_demo, load_city, mark_as_demo, settle
from referrals.directory import load as load_directory


class Command(BaseCommand):
    help = "Loads a fictional city: agencies, accounts, children. Run as the owner of the tables."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--children", type=int, default=CAST, help=f"how many children; {CAST} or more")
        parser.add_argument("--reset", action="store_true", help="empty the database first, if it is marked as a demo")
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there is an account or a file")
        parser.add_argument("--print-accounts", action="store_true", help="only say who can sign in and what they see")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print_accounts"]:
            self.stdout.write(accounts_as_text())
            return
        if options["if_empty"] and holds_anything():
            return
        if options["children"] < CAST:
            raise CommandError(f"The demo has {CAST} children; ask for as many or more.")
        try:
            self.load(City(Clock(timezone.localdate()), options["children"]), reset=options["reset"])
        except NotADemo as refusal:
            raise CommandError(str(refusal)) from refusal

    def load(self, city: City, *, reset: bool) -> None:
        if reset and (is_demo() or holds_anything()):
            empty_demo()
        elif is_demo() and holds_anything():
            self.stdout.write("The demo city is here already.")
            return
        elif holds_anything():
            raise NotADemo("This database holds accounts or files that are not the demo’s, so nothing was loaded.")
        mark_as_demo()
        load_city(city, history=not city.areas, say=self.stdout.write if city.areas else lambda line: None)
        load_directory() if city.areas else load_demo_directory()
        settle()
        connection.close()
        self.stdout.write(f"The demo city is loaded: {city.children} invented children.")
