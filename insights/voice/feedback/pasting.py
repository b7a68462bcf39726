"""Pasted text cut into pieces of feedback; knows no Django."""

import re
from enum import StrEnum

MOST_PIECES = 500
_BLOCK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_RULE = re.compile(r"\n[ \t]*-{3,}[ \t]*(?=\n|\Z)")


class Cut(StrEnum):
    """Where one piece ends and the next begins."""

    BLOCKS = "blocks"
    LINES = "lines"
    RULES = "rules"
    WHOLE = "whole"


CUTS = [
    (Cut.BLOCKS.value, "at empty lines"),
    (Cut.LINES.value, "at each line"),
    (Cut.RULES.value, "at lines of dashes (---)"),
    (Cut.WHOLE.value, "nowhere: it is one piece"),
]


def cut(text: str, way: Cut) -> list[str]:
    """Return the pieces of a pasted text, without empty ones.

    >>> cut("It is slow.\\n\\n\\nI love it\\nvery much.\\n", Cut.BLOCKS)
    ['It is slow.', 'I love it\\nvery much.']
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if way == Cut.WHOLE:
        pieces = [plain]
    elif way == Cut.LINES:
        pieces = plain.split("\n")
    else:
        pieces = (_BLOCK if way == Cut.BLOCKS else _RULE).split("\n" + plain)
    return [piece.strip() for piece in pieces if piece.strip() and piece.strip("- \t\n")]
