"""NHS numbers and UPNs: checked when typed, kept without spaces, shown in their usual shape (DOMAIN 7.1)."""

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.gb import nhs, upn


def normalise_nhs_number(typed: str) -> str:
    """The ten digits of an NHS number, or "" for nothing typed.

    Raises:
        ValueError: it cannot be an NHS number; the text is a sentence that says what to check.
    """
    if not typed.strip():
        return ""
    try:
        return str(nhs.validate(typed))
    except InvalidLength:
        raise ValueError("An NHS number has 10 digits, like 999 000 0018.") from None
    except InvalidFormat:
        raise ValueError("An NHS number has digits only, like 999 000 0018.") from None
    except (InvalidChecksum, ValidationError):
        raise ValueError("This is not a possible NHS number. Check each digit against the letter or record.") from None


def normalise_upn(typed: str) -> str:
    """The 13 characters of a unique pupil number in capitals, or "" for nothing typed.

    Raises:
        ValueError: it cannot be a UPN; the text is a sentence that says what to check.
    """
    if not typed.strip():
        return ""
    try:
        return str(upn.validate(typed))
    except InvalidLength:
        raise ValueError("A UPN has 13 characters, like B801200005001.") from None
    except (InvalidFormat, InvalidComponent):
        raise ValueError("A UPN is a letter, then 12 digits (the last may be a letter), like B801200005001.") from None
    except (InvalidChecksum, ValidationError):
        raise ValueError("This is not a possible UPN. Check each character with the school.") from None


def shown_nhs_number(number: str) -> str:
    """999 000 0018."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""
