"""Visits and notes: written once, corrected by a new note."""

from typing import Any

from django.utils import timezone

from access.roles import Action
from children import forms, services
from children.models import CaseNote
from children.presenters import note_item
from children.selectors import notes_of
from children.views.base import ChildFormPage, ChildPage, facts

PER_PAGE = 20


class Notes(ChildPage):
    """What happened, newest first; for an agency outside social care its own notes."""

    action = Action.VIEW_NOTES
    asks = (Action.ADD_NOTE,)
    template_name = "children/notes.jinja"

    def context(self) -> dict[str, Any]:
        number = page_number(self.request.GET.get("page", ""))
        found = list(notes_of(self.case, self.person)[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
        return {
            **super().context(),
            "items": [note_item(note, may_add=Action.ADD_NOTE in self.allowed) for note in found[:PER_PAGE]],
            "pages": {"number": number, "more": len(found) > PER_PAGE},
            "may_add": Action.ADD_NOTE in self.allowed,
        }


def page_number(typed: str) -> int:
    """The page asked for; the first for anything that is no page."""
    return int(typed) if typed.isdecimal() and 0 < int(typed) < 10_000 else 1


class AddNote(ChildFormPage):
    action = Action.ADD_NOTE
    form_class = forms.NoteForm
    title = "Record a visit or note"
    back_to = "notes"

    def initial(self) -> dict[str, Any]:
        return {"happened_at": timezone.now(), "kind": self.request.GET.get("kind", "")}

    def perform(self, form: Any) -> str:
        services.add_note(self.case, by=self.person, **facts(form))
        return self.back_url()


class CorrectNote(ChildFormPage):
    action = Action.ADD_NOTE
    form_class = forms.NoteForm
    template_name = "children/correct_note.jinja"
    title = "Correct a note"
    back_to = "notes"

    def note(self) -> Any:
        return self.record(CaseNote, Action.VIEW_NOTES, "note")

    def initial(self) -> dict[str, Any]:
        note = self.note()
        return {name: getattr(note, name) for name in ("kind", "happened_at", "seen", "child_words", "text")}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "note": self.note()}

    def perform(self, form: Any) -> str:
        services.add_note(self.case, by=self.person, corrects=self.note(), **facts(form))
        return self.back_url()
