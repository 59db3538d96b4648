"""What the packages to the left are asked and told about closing a file."""

from django.dispatch import Signal

# What of theirs is still open on a file, so that it cannot be closed. Arguments: case (CaseFile), by (User). A receiver
# answers with sentences.
closing_asked = Signal()

# A file is being closed, in the transaction in which it is. Arguments: case (CaseFile), by (User).
case_closing = Signal()
