"""How texts are kept: in one form, within a limit, followed by what stands on them."""

import unicodedata
from typing import Any

from insights.voice.texts.contracts import LONGEST_TEXT, TextFollower
from portal.shell.public import BadInput, is_storable, registry


def clean_text(text: str, field: str = "text") -> str:
    """Return a text as it is kept: composed letters, plain line ends, no white space round it; or say what is wrong.

    Places in texts count letters of this form.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not plain:
        raise BadInput(fields={field: ["Write down what was said."]})
    if len(plain) > LONGEST_TEXT:
        raise BadInput(fields={field: [f"This has {len(plain):,} letters; the limit is {LONGEST_TEXT:,}. Split it."]})
    if not is_storable(plain):
        raise BadInput(fields={field: ["It holds characters that cannot be kept, such as a zero byte. Remove them."]})
    return plain


def follow_text(thing: Any, before: str, after: str) -> None:
    """Let all that stands on a thing's text move with it; in the transaction that changes the text."""
    if before != after:
        for piece in registry.all(TextFollower):
            piece.follow(thing, before, after)
