"""`manage.py load_toolkit [file]`: loads a version of the risk assessment toolkit and makes it the current one."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from assessments.models import ToolkitItem, ToolkitSection, ToolkitVersion
from assessments.toolkit import CURRENT, Tables, load
from assessments.toolkit.checking import BadToolkit, read


class Command(BaseCommand):
    help = "Loads a version of the risk assessment toolkit. Run by the owner of the tables, as migrations are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=CURRENT)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                version = load(read(options["file"].read_text()), Tables(ToolkitVersion, ToolkitSection, ToolkitItem))
        except (BadToolkit, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version} is the current toolkit.")
