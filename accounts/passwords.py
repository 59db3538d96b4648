"""Passwords that an administrator hands over: made by the program, shown once, good for one thing."""

import secrets

ONE_TIME_PASSWORD_DAYS = 3
# No letter or digit that is easily taken for another, on paper or on the telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LETTERS = 4, 4  # some 79 bits


def new_one_time_password() -> str:
    """Like "k7mp-3xqv-9tha-w2rn"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
