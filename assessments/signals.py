"""What the packages to the left are told, in the transaction in which it happens."""

from django.dispatch import Signal

# A tier took effect. Arguments: tier (EffectiveTier, already saved), before (the one it replaces, or None), by (User).
tier_took_effect = Signal()
