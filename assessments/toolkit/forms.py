"""Loading a version of the toolkit from a file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import FileField, FileInput

from assessments.toolkit.checking import BadToolkit, read
from ui import forms

MOST_BYTES = 500_000  # ten times the toolkit there is


class LoadForm(forms.Form):
    """The file is read at once and never kept as a file."""

    file = FileField(
        label="The file", widget=FileInput(attrs={"accept": ".json,application/json"}), max_length=200,
        error_messages={"required": "Choose the file", "empty": "The file is empty. Choose another.",
                        "invalid": "Choose a file", "missing": "Choose the file",
                        "max_length": "The name of the file is too long. Give it a shorter one."},
    )  # fmt: skip

    def clean_file(self) -> str:
        """The text of the file. Every mistake in it is a message of its own."""
        sent: Any = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise ValidationError(f"The file must be {MOST_BYTES // 1000} kB or smaller. Choose another.")
        try:
            text: str = sent.read().decode("utf-8-sig")
            read(text)
        except UnicodeDecodeError:
            raise ValidationError("The file is not text. Export it again as JSON, and load that.") from None
        except BadToolkit as bad:
            raise ValidationError([ValidationError(one) for one in bad.mistakes]) from None
        return text


class PublishForm(forms.Form):
    has_read = forms.YesField(label="I have read what changes, and the partnership has agreed to it")
