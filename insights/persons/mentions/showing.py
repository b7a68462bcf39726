"""Mentions as whoever decides about them sees them: what, where to read it, and the words round the name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString

from insights.persons.contracts import Mention
from insights.persons.mentions.finding import words_in
from insights.persons.mentions.naming import Names
from insights.persons.mentions.places import Place, all_places

MOST_SHOWN = 200
_ROUND = 70


@dataclass(frozen=True)
class ShownMention:
    """One mention: what it stands in, its page where it has one, and the words round the name."""

    key: str
    is_sure: bool
    noun: str
    url: str
    words: SafeString


def show_mentions(mentions: Sequence[Mention], names: Names) -> list[ShownMention]:
    """Return mentions as they stand now, read in one query; one that is gone is left out."""
    pattern, rows = names.pattern, _read(mentions[:MOST_SHOWN])
    shown = []
    for one in mentions[:MOST_SHOWN]:
        row = rows.get(one.key)
        words = _words_round(row, all_places()[one.label], pattern) if row is not None and pattern else None
        if words is not None:
            noun = f"{row._meta.verbose_name} {row.pk}"  # type: ignore[union-attr]  # words come of a row
            shown.append(ShownMention(one.key, one.is_sure, noun[:1].upper() + noun[1:], _url(row), words))
    return shown


def _read(mentions: Sequence[Mention]) -> dict[str, models.Model]:
    """Return the rows by the mention's key; rows of all tables in one query, as their models."""
    places, keys = all_places(), {}
    for one in mentions:
        if one.label in places:
            keys.setdefault(one.label, []).append(one.pk)
    if not keys:
        return {}
    quote, selects, params = connection.ops.quote_name, [], []
    for label, pks in keys.items():
        meta = places[label].model._meta
        selects.append(
            f"SELECT %s, t.{quote(meta.pk.column)}::text, to_jsonb(t) FROM {quote(meta.db_table)} t "
            f"WHERE t.{quote(meta.pk.column)}::text = ANY(%s)"
        )
        params += [label, pks]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), params)
        found = cursor.fetchall()
    return {f"{label}:{pk}": _as_row(places[label], values) for label, pk, values in found}


def _as_row(place: Place, values: Any) -> models.Model:
    import json

    values = json.loads(values) if isinstance(values, str) else values
    row = place.model()
    for field in place.model._meta.concrete_fields:
        value = values.get(field.column)
        plain = isinstance(field, models.JSONField) or value is None
        setattr(row, field.attname, value if plain else field.to_python(value))
    return row


def _words_round(row: models.Model, place: Place, pattern: re.Pattern[str]) -> SafeString | None:
    for field in place.fields:
        for text in words_in(getattr(row, field.attname)):
            if hit := pattern.search(text):
                start, end = max(0, hit.start() - _ROUND), hit.end() + _ROUND
                before, after = text[start : hit.start()], text[hit.end() : end]
                cut = ("… " if start else "", " …" if end < len(text) else "")
                return format_html("{}{}<mark>{}</mark>{}{}", cut[0], before, hit[0], after, cut[1])
    return None


def _url(row: Any) -> str:
    try:
        return str(row.get_absolute_url()) if hasattr(row, "get_absolute_url") else ""
    except (NoReverseMatch, AttributeError, models.ObjectDoesNotExist):
        return ""
