"""`manage.py draw_states`: draws docs/states.md anew from the tables that the program moves by."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from offer.case_states import MOVES, CaseState
from referrals.models import Referral
from referrals.states import NEXT

PAGE = Path(settings.BASE_DIR) / "docs" / "states.md"
HEAD = """# States, and what may follow what

Drawn by `manage.py draw_states` from the tables the program moves by; a test holds that this page is what it draws.
"""
CASE = """The state of a case is read from what is recorded and stored nowhere. What is sent back, withdrawn or refused
returns to where the work was. Closing ends the tier and the plan; a case opened again keeps its history, and within
twelve months of closing it counts as a re-referral (`offer/case_states.py`, `offer/closing.py`).
"""
REFERRAL = "A referral to a service inside the program (`referrals/states.py`); the database holds to the same.\n"


class Command(BaseCommand):
    help = "Draws docs/states.md anew."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page())
        self.stdout.write(f"Drawn: {PAGE.name}")


def page() -> str:
    case = diagram(
        {one.name: one.value for one in CaseState}, {one.name: [to.name for to in MOVES[one]] for one in MOVES}
    )
    referral = diagram(dict(Referral.State.choices), NEXT)
    return "\n".join([HEAD, "## A case", "", CASE, case, "", "## A referral", "", REFERRAL, referral, ""])


def diagram(words: Mapping[str, str], moves: Mapping[str, Iterable[str]]) -> str:
    """Of a table of moves, in Mermaid: states in the table's order, so the same table draws the same page."""
    order = list(words)
    lines = [f'    state "{words[one]}" as {one}' for one in order]
    lines.append(f"    [*] --> {order[0]}")
    for one in order:
        after = sorted(moves[one], key=order.index)
        lines += [f"    {one} --> {to}" for to in after] or [f"    {one} --> [*]"]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
