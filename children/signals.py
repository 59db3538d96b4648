"""What the packages to the left are told, in the transaction in which it happens."""

from django.dispatch import Signal

# What every holder of the file sees of a child was changed. Arguments: child (as it is now), before (as it was), by
# (User).
child_changed = Signal()
