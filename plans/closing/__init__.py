"""Closing a case and opening it again, by the rules of `offer.closing`."""
