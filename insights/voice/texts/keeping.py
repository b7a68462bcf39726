"""How texts are kept: in one form, within a limit, followed by what stands on them."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from insights.voice.texts.contracts import LONGEST_TEXT, Place, TextFollower
from portal.shell.public import BadInput, is_storable, masked_ranges, registry


def clean_text(text: str, field: str = "text", *, longest: int = LONGEST_TEXT, may_be_empty: bool = False) -> str:
    """Return a text as it is kept: composed letters, plain line ends, no white space round it; or say what is wrong.

    Places in texts count letters of this form.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not plain and not may_be_empty:
        raise BadInput(fields={field: ["Write down what was said."]})
    if len(plain) > longest:
        raise BadInput(fields={field: [f"This has {len(plain):,} letters; the limit is {longest:,}. Split it."]})
    if not is_storable(plain):
        raise BadInput(fields={field: ["It holds characters that cannot be kept, such as a zero byte. Remove them."]})
    return plain


def follow_text(thing: Any, before: str, after: str, part: str = "") -> None:
    """Let all that stands on a thing's text move with it; in the transaction that changes the text."""
    if before != after:
        for piece in registry.all(TextFollower):
            piece.follow(thing, part, before, after)


def forget_text(thing: Any, before: str, after: str, gone: Sequence[Place], part: str = "") -> None:
    """Let nothing that stands on a text keep words that went for good; in the transaction that takes them out."""
    for piece in registry.all(TextFollower):
        piece.forget(thing, part, before, after, gone)


def masked_places(text: str) -> list[Place]:
    """Return where e-mail addresses and telephone numbers stand in a text."""
    return [Place(start, end) for start, end in masked_ranges(text)]
