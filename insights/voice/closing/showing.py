"""Statuses, and who stands behind things, in lists and files."""

from collections.abc import Callable
from typing import Any

from insights.voice.closing.models import StatusChange
from insights.voice.closing.queries import Behind

SORTS = {
    "changed": "made_at",
    "title": "title",
    "product": "product__name",
    "status": "status",
    "people": "n_people",
    "waiting": "n_waiting",
}

COLUMNS: dict[str, Callable[[StatusChange], Any]] = {
    "kind": lambda row: row.kind,
    "id": lambda row: row.thing_id,
    "title": lambda row: row.title,
    "product": lambda row: row.product.name,
    "status": lambda row: row.get_status_display(),
    "what can be told": lambda row: row.said,
    "set": lambda row: row.made_at,
    "set by": lambda row: str(row.made_by or ""),
    "to be told": lambda row: row.n_people,
    "told": lambda row: row.n_told,
    "told within 14 days": lambda row: row.n_in_time,
    "not told within 14 days": lambda row: row.n_missed,
    "days not over": lambda row: row.n_open,
    "left out": lambda row: row.n_left_out,
}

BEHIND_COLUMNS: dict[str, Callable[[Behind], Any]] = {
    "person": lambda row: row.person.id if row.person else "",
    "name": lambda row: row.person.label if row.person and row.person.label != row.person.id else "",
    "account": lambda row: row.account.id if row.account else "",
    "importance": lambda row: row.asker.importance,
    "pieces": lambda row: row.asker.n_pieces,
    "last said on": lambda row: row.asker.last_said_on or "",
    "what they asked": lambda row: "\n".join(words.text for words in row.words),
    "told": lambda row: row.telling.get_state_display() if row.telling else "",
    "how": lambda row: row.telling.get_way_display() if row.telling else "",
    "when": lambda row: row.telling.told_at if row.telling and row.telling.told_at else "",
    "by": lambda row: str(row.telling.told_by or "") if row.telling else "",
    "note": lambda row: row.telling.note if row.telling else "",
    "why not by mail now": lambda row: row.why_not,
}
