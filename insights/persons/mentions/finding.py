"""Looking for a person's names in every table: what only may fit is read from the database, the rest decided here."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from insights.events.public import DistinctId, IdSpace
from insights.persons.contracts import Mention, MentionKeeper
from insights.persons.mentions.naming import Names
from insights.persons.mentions.places import Place, all_places, own_paths
from portal.shell.public import registry

MOST_PERHAPS = 300  # of one table: beyond, a first name is a common word
_CHUNK = 500
Progress = Callable[[str, int, int], None]


def find_mentions(
    space: IdSpace, distinct_ids: Sequence[str], names: Names, progress: Progress | None = None
) -> list[Mention]:
    """Return the rows in which others name a person: all sure ones, and some of each table that only may mean them."""
    places = all_places()
    found: list[Mention] = []
    for number, place in enumerate(places.values()):
        if progress:
            progress("Looking for their name in what others wrote", number, len(places))
        sure, perhaps = _matching(place, names)
        own = _own(place, space, distinct_ids, [*sure, *perhaps])
        found += [Mention(place.label, str(pk), True) for pk in sure if pk not in own]
        found += [Mention(place.label, str(pk), False) for pk in perhaps if pk not in own]
    return found


def words_in(value: Any) -> Iterator[str]:
    """Yield every text in a column's value, keys of JSON objects too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from words_in(key)
            yield from words_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from words_in(one)


def holds(values: Iterable[Any], pattern: re.Pattern[str] | None) -> bool:
    """Say whether a name stands in any of these values."""
    return pattern is not None and any(pattern.search(text) for value in values for text in words_in(value))


def _matching(place: Place, names: Names) -> tuple[list[Any], list[Any]]:
    sure_pattern, pattern = names.sure_pattern, names.pattern
    sure: list[Any] = []
    if sure_pattern:
        sure = [pk for pk, values in _rows(place, "ILIKE ANY(%s)", names.sure_likes()) if holds(values, sure_pattern)]
    perhaps: list[Any] = []
    if regex := names.perhaps_regex():
        rows = _rows(place, "~ %s", regex, limit=4 * MOST_PERHAPS)
        perhaps = [pk for pk, values in rows if holds(values, pattern)]
    known = set(sure)
    return sure, [pk for pk in perhaps if pk not in known][:MOST_PERHAPS]


def _rows(place: Place, condition: str, value: Any, limit: int | None = None) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Yield (key, values of the columns) of the rows of which a column may hold a name, the newest first."""
    quote = connection.ops.quote_name
    table, key = quote(place.model._meta.db_table), quote(place.model._meta.pk.column)
    columns = [f"{quote(field.column)}::text" for field in place.fields]
    fits = " OR ".join(f"{column} {condition}" for column in columns)
    end = f"ORDER BY {key} DESC LIMIT {limit}" if limit else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} WHERE {fits} {end}", [value] * len(columns))
        keys = [pk for (pk,) in cursor.fetchall()]
    names = [field.attname for field in place.fields]
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        for pk, *values in place.rows.filter(pk__in=chunk).values_list("pk", *names):
            yield pk, values


def _own(place: Place, space: IdSpace, distinct_ids: Sequence[str], keys: list[Any]) -> set[Any]:
    """Return which of these rows are the person's own, or seen to by the room's own eraser."""
    if not keys:
        return set()
    keeper = registry.pieces.get(MentionKeeper, {}).get(place.label)
    own: set[Any] = set()
    if keeper and keeper.sees_to:
        own |= set(keeper.sees_to(space, distinct_ids).filter(pk__in=keys).values_list("pk", flat=True))
    ids = DistinctId.objects.filter(id_space=space, distinct_id__in=list(distinct_ids))
    theirs = Q()
    for path in own_paths(place.model):
        theirs |= Q(**{f"{path}__in": ids})
    if theirs:
        own |= set(place.rows.filter(theirs, pk__in=keys).values_list("pk", flat=True))
    return own
