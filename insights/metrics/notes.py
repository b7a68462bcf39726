"""What happened to a metric's product in the days that its line covers, from whatever room tells it."""

from typing import Any

from insights.explore.public import Note
from insights.metrics.contracts import MetricValues
from insights.metrics.definitions import last_day
from portal.shell.public import NoteProvider, registry


def list_notes(product: Any, user: Any, values: MetricValues) -> list[Note]:
    """Return the notes of the days between the first and the last value, numbered along the time axis."""
    if not values.points:
        return []
    first, last = values.points[0].starts_on, last_day(values.points[-1].starts_on, values.interval)
    found = [note for piece in registry.all(NoteProvider) for note in piece.find(product, user)]
    shown = sorted(
        (note for note in found if (note.ends_on or note.starts_on) >= first and note.starts_on <= last),
        key=lambda note: (note.starts_on, note.text),
    )
    return [
        Note(one.starts_on.isoformat(), one.text, one.ends_on.isoformat() if one.ends_on else "", one.url, number)
        for number, one in enumerate(shown, start=1)
    ]
