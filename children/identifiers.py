"""NHS numbers, UPNs and postcodes: checked when typed, kept in one shape, shown in their usual one (DOMAIN 7.1)."""

import re

from stdnum.exceptions import InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.gb import nhs, upn

# Authorities that issue UPNs and are missing from the library's list, which is of 2011: the new councils of Dorset,
# Northamptonshire and Cumbria (Department for Education), and Wales.
LATER_AUTHORITIES = frozenset({"838", "839", "940", "941", "942", "943", *map(str, range(660, 682))})
POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")


def normalise_nhs_number(typed: str) -> str:
    """The ten digits of an NHS number, or "" for nothing typed.

    Raises:
        ValueError: it cannot be an NHS number; the text is a sentence that says what to check.
    """
    if not typed.strip():
        return ""
    try:
        number = str(nhs.validate(typed))
    except InvalidLength:
        raise ValueError(f"An NHS number has 10 digits, like 999 000 0018. This has {_length(typed)}.") from None
    except InvalidFormat:
        raise ValueError("An NHS number has digits only, like 999 000 0018.") from None
    except ValidationError:
        raise ValueError("This is not a possible NHS number. Check each digit against the letter or record.") from None
    if len(set(number)) == 1:  # each of these passes the check digit
        raise ValueError("This fills the place of an NHS number. Leave it empty until the number is known.")
    return number


def normalise_upn(typed: str) -> str:
    """The 13 characters of a unique pupil number in capitals, or "" for nothing typed.

    Raises:
        ValueError: it cannot be a UPN; the text is a sentence that says what to check.
    """
    if not typed.strip():
        return ""
    number = str(upn.compact(typed))
    try:
        upn.validate(number)
    except InvalidLength:
        raise ValueError(f"A UPN has 13 characters, like B801200005001. This has {len(number)}.") from None
    except InvalidFormat:
        raise ValueError("A UPN is a letter, then 12 digits (the last may be a letter), like B801200005001.") from None
    except InvalidComponent:
        if number[1:4] not in LATER_AUTHORITIES:
            raise ValueError("The 3 digits after the first letter must be those of a council, like 831.") from None
        _check_letter(number)
    except ValidationError:
        _check_letter(number)
    return number


def _check_letter(number: str) -> None:
    if upn.calc_check_digit(number) != number[0]:
        raise ValueError("This is not a possible UPN. Check each character with the school.")


def _length(typed: str) -> int:
    return len(nhs.compact(typed))


def shown_nhs_number(number: str) -> str:
    """999 000 0018."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""


def normalise_postcode(typed: str) -> str:
    """A British postcode in its usual shape, "DE1 2FS"; anything else (an address abroad) only in capitals."""
    capitals = typed.strip().upper()
    british = POSTCODE.fullmatch("".join(capitals.split()))
    return " ".join(british.groups()) if british else capitals
