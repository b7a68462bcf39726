"""What the demo company's customers said: invented, in their own words, by subject.

Each line of the files: key, who (a cohort's member by "stopped" or "heavy", "anybody", or "" for nobody known),
product, kind, channel, days before the end of the demo's events, language, name as given, text; then what its readers
saw in it, as (theme, importance, the words that say it; "" is the whole piece).
"""

from typing import NamedTuple

from insights.voice.feedback.demo_texts import around, beginning, first, hours, inviting, numbers, planning, unread


class Line(NamedTuple):
    """One piece of what was said, and the themes that its readers linked it to."""

    key: str
    who: str
    product: str
    kind: str
    channel: str
    days: int
    language: str
    author: str
    text: str
    about: tuple[tuple[str, int, str], ...] = ()


_PARTS = (first, inviting, beginning, planning, numbers, around, unread, hours)
LINES: tuple[Line, ...] = tuple(Line(*row[:9], row[9:]) for part in _PARTS for row in part.LINES)
