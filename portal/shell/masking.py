"""E-mail addresses and telephone numbers masked, for readers to whom they are not meant; knows no Django."""

import re
from typing import Any

MASKED_EMAIL, MASKED_PHONE = "[e-mail]", "[phone]"

# Linear in the text: each part is bounded, none of them can be read in two ways.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Groups of digits with the signs between them that people write; how many there are is looked at afterwards.
_PHONE = re.compile(r"(?<![\w+])(?:\+|\(\+?|00)?\d(?:[ \t./()\u00a0-]{0,3}\d){6,16}(?!\w)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def _is_phone(text: str) -> bool:
    n_digits = sum(letter.isdigit() for letter in text)
    is_written_so = text.startswith(("+", "(", "0")) or any(sign in text for sign in " \u00a0/()-")
    return 7 <= n_digits <= 15 and is_written_so and not _DATE.match(text)


def _masked(text: str) -> list[tuple[int, int, str]]:
    """Return what is masked, in order: (first letter, one after the last, what is shown in its place)."""
    found = [(one.start(), one.end(), MASKED_EMAIL) for one in _EMAIL.finditer(text)]
    # Letters of addresses are blanked, so that no number is seen in one; places stay the same.
    left = _EMAIL.sub(lambda one: "@" * len(one[0]), text)
    phones = (one for one in _PHONE.finditer(left) if _is_phone(one[0]))
    return sorted([*found, *((one.start(), one.end(), MASKED_PHONE) for one in phones)])


def masked_ranges(text: str) -> list[tuple[int, int]]:
    """Return where e-mail addresses and telephone numbers stand in a text: (first letter, one after the last)."""
    return [(start, end) for start, end, _ in _masked(text)]


def mask_values(value: Any) -> Any:
    """Return a JSON value with every text in it masked, but for its keys and what is under the key "url".

    >>> mask_values({"series": [{"breakdown": ["ann@acme.example"], "values": [3]}], "labels": ["2024-01-05"]})
    {'series': [{'breakdown': ['[e-mail]'], 'values': [3]}], 'labels': ['2024-01-05']}
    """
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: one if key == "url" else mask_values(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(mask_values(one) for one in value)
    return value


def mask(text: str) -> str:
    """Return a text without e-mail addresses and telephone numbers; plain numbers and dates stay.

    >>> mask("Write to ann.b@acme.example or call +49 (30) 123-4567; order 20240105, 1.5 GB on 2024-01-05.")
    'Write to [e-mail] or call [phone]; order 20240105, 1.5 GB on 2024-01-05.'
    """
    return mask_part(text, 0, len(text))


def mask_part(text: str, start: int, end: int) -> str:
    """Return the letters from start to end of a text, masked as in the whole of it.

    >>> mask_part("Write to ann@acme.example soon", 6, 16)
    'to [e-mail]'
    """
    pieces, at = [], start
    for low, high, shown in _masked(text):
        if high > start and low < end:
            pieces += [text[at : max(low, at)], shown]
            at = max(at, high)
    return "".join([*pieces, text[at:end]])
