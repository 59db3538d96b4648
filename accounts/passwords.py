"""Passwords that an administrator hands over: made by the program, shown once, good for one thing. And passwords that
nobody may choose: those that are known from breaches elsewhere.
"""

import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

ONE_TIME_PASSWORD_DAYS = 3
# No letter or digit that is easily taken for another, on paper or on the telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LETTERS = 4, 4  # some 79 bits


def new_one_time_password() -> str:
    """Like "k7mp-3xqv-9tha-w2rn"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


class KnownFromBreaches:
    """Refuses a password of a list that the council keeps, such as the National Cyber Security Centre's.

    Large and small letters count alike. The list is one password a line, read once when the program starts.

    Raises:
        OSError: the list cannot be read; a program that was told of a list does not start without it.
    """

    def __init__(self, path: str) -> None:
        lines = Path(path).read_text(encoding="utf-8", errors="ignore").splitlines()
        self.known = frozenset(line.strip().lower() for line in lines if line.strip())

    def validate(self, password: str, user: Any = None) -> None:
        if password.strip().lower() in self.known:
            raise ValidationError(
                "This password is known from a breach somewhere else. Choose another.", code="password_known"
            )

    def get_help_text(self) -> str:
        return "Your password cannot be one that is known from a breach."
