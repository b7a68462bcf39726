"""What every text and number of this room is checked for."""

import math

from portal.shell.public import BadInput, is_storable

_LARGEST = 1e15


def line(name: str, text: str, longest: int, *, is_needed: bool = True) -> str:
    """Return a text as one line, or say beside its field what is wrong with it."""
    return checked(name, " ".join(text.split()), longest, is_needed=is_needed)


def checked(name: str, text: str, longest: int, *, is_needed: bool = False) -> str:
    """Return a text without space around it, or say beside its field what is wrong with it."""
    text = text.replace("\r\n", "\n").strip()
    if is_needed and not text:
        raise BadInput(fields={name: ["Write something here."]})
    if len(text) > longest or not is_storable(text):
        raise BadInput(fields={name: [f"Use at most {longest:,} readable characters."]})
    return text


def number(name: str, value: float | None) -> float:
    """Return a number that can be drawn and compared, or say beside its field what is wrong with it."""
    if value is None or not math.isfinite(value) or abs(value) > _LARGEST:
        raise BadInput(fields={name: ["Give a number."]})
    return float(value)
