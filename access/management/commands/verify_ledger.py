"""Whether the ledger still is what was sealed; and writing it out for the same question on another machine."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from access.sealing import export
from access.verifier import said, verify_files


class Command(BaseCommand):
    help = "Verifies the ledger's seals. Run it as the owner of the tables (see docs/operating.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="number:digest of a seal, as it was printed to the log")
        parser.add_argument("--export", type=Path, metavar="FOLDER", help="only write lines.csv and seals.csv there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["export"]:
            options["export"].mkdir(mode=0o700, parents=True, exist_ok=True)
            lines, seals = export(options["export"])
            self.stdout.write(f"Written: {lines} and {seals}. Verify them with access/verifier.py.")
            return
        with TemporaryDirectory() as folder:
            verdict = verify_files(*export(Path(folder)), options["head"])
        if verdict.fault:
            raise CommandError(said(verdict))
        self.stdout.write(said(verdict))
