"""Refusals that are nobody's fault: the record is not ready, or what was asked makes no sense."""


class Refused(Exception):
    """A service said no. The text is a plain sentence that says what to do instead; it is shown to the person."""
