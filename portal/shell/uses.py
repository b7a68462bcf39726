"""Who uses a thing: all rooms answer in one query, so a page can say it however many rooms there are."""

from typing import Any

from django.db.models import Value
from django.db.models.functions import JSONObject

from portal.shell.registry import SearchHit, UsedBy, registry


def find_uses(thing: Any, user: Any) -> list[SearchHit]:
    """Return what uses a thing, as far as this user may see it, by kind and title."""
    pieces: dict[str, UsedBy] = {piece.kind: piece for piece in registry.all(UsedBy)}
    asked = [(piece, rows) for piece in pieces.values() if (rows := piece.find(thing, user)) is not None]
    if not asked:
        return []
    first, *others = (
        rows.order_by().values_list(Value(piece.kind), JSONObject(**{name: name for name in piece.fields}))
        for piece, rows in asked
    )
    hits = [pieces[kind].show(values) for kind, values in first.union(*others, all=True)]
    return sorted(hits, key=lambda hit: (hit.kind, hit.title.casefold()))
