"""The form that decides on a copy: for whom, why, on what basis, and is it safe."""

from typing import Any

from access.models import CaseAccess, DisclosureDecision
from ui import forms


class CopyForm(forms.Form):
    """Why this person gets a copy. What is usual is filled in; the reason is typed."""

    purpose = forms.CharField(label="What it is for", max_length=200, initial="Keeping the child safe")
    necessity = forms.TextField(
        label="Why this person needs it, and why no less would do", rows=3, max_length=1000,
        help_text="Kept with the decision to share",
    )  # fmt: skip
    lawful_basis = forms.RadioField(
        label="Lawful basis", choices=CaseAccess.LawfulBasis.choices, initial=CaseAccess.LawfulBasis.PUBLIC_TASK,
        small=True,
    )  # fmt: skip
    agreement = forms.RadioField(
        label="Do the child and family agree?", choices=DisclosureDecision.Agreement.choices,
        initial=DisclosureDecision.Agreement.NOT_ASKED, small=True,
    )  # fmt: skip


class ProfessionalCopyForm(CopyForm):
    recipient_name = forms.CharField(
        label="Name of the person it is for", max_length=120, help_text="Their name and where they work"
    )
    field_order = ("recipient_name",)


class FamilyCopyForm(CopyForm):
    """The same for the child or family, with the question before it, and the actions that may be named in it."""

    items = forms.CheckboxesField(
        label="Actions to name in this copy", choices=[], required=False, small=True,
        help_text="Nothing is named unless you tick it. Tick only what is fit for them to read: no other names, no "
        "police work, no addresses.",
    )  # fmt: skip
    safe_to_tell_family = forms.YesField(
        label="It is safe for them to be told, and to have this on paper",
        help_text="If it is not, or you are not sure, make no copy. Talk it through instead.",
    )

    def __init__(self, *args: Any, actions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreement"].initial = DisclosureDecision.Agreement.AGREED
        items: Any = self.fields["items"]
        items.choices = [(str(pk), title) for pk, title in actions]
        if not actions:
            del self.fields["items"]
