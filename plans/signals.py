"""What the packages to the left are asked and told."""

from django.dispatch import Signal

# What of theirs is still open on a file, so that it cannot be closed. Arguments: case (CaseFile), by (User). A receiver
# answers with sentences.
closing_asked = Signal()

# A file is being closed, in the transaction in which it is. Arguments: case (CaseFile), by (User).
case_closing = Signal()

# Texts of theirs that were written for professionals. Argument: by (User). A receiver answers with querysets of texts
# that this person may read.
passages_asked = Signal()
