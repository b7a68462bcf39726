"""Taking a person's name out of what others wrote; each row in a transaction of its own, safe to do twice."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, models, transaction

from insights.persons.contracts import Mention, MentionKeeper
from insights.persons.mentions.naming import ERASED, Names
from insights.persons.mentions.places import Place, all_places
from portal.audit.public import record
from portal.shell.public import registry

_VERSIONS = ("version", "revision")
Clean = Callable[[str], str]


def redact_mentions(
    mentions: Iterable[Mention], names: Names, *, actor: Any, progress: Callable[[str, int, int], None] | None = None
) -> int:
    """Put “[erased]” in the place of a person's names in these rows; return in how many."""
    pattern = names.pattern
    if pattern is None:
        return 0
    keepers: dict[str, MentionKeeper] = registry.pieces.get(MentionKeeper, {})
    places, todo = all_places(), list(mentions)
    # Texts first: what stands on them, such as highlights, moves with them and is cleaned after that.
    todo.sort(key=lambda one: (one.label not in keepers, one.label))
    n_done: Counter[bool] = Counter()
    for number, one in enumerate(todo):
        if progress:
            progress("Taking their name out of what others wrote", number, len(todo))
        place, keeper = places[one.label], keepers.get(one.label)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.erases_person', 'yes', true)")  # what is frozen lets only this in
            n_done[_redact(place, keeper, one.pk, lambda text: pattern.sub(ERASED, text), actor)] += 1
    return n_done[True]


def _redact(place: Place, keeper: MentionKeeper | None, pk: str, clean: Clean, actor: Any) -> bool:
    row = place.rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        return False
    if keeper and keeper.redact:
        keeper.redact(row)
    else:
        after = keeper.watch(row) if keeper and keeper.watch else None
        changes = {field.attname: value for field in place.fields if (value := _cleaned(field, row, clean)) is not None}
        if not changes:
            return False
        for name in _VERSIONS:
            if isinstance(getattr(row, name, None), int) and any(one.name == name for one in row._meta.fields):
                changes[name] = getattr(row, name) + 1  # a form that was opened before must not bring the name back
        place.rows.filter(pk=row.pk).update(**changes)
        if after:
            after(place.rows.get(pk=row.pk))
    row = place.rows.filter(pk=pk).first()
    if row is not None and hasattr(row, "get_absolute_url"):
        record(actor, "mention.erased", row)
    return True


def _cleaned(field: Any, row: models.Model, clean: Clean) -> Any:
    """Return what a column holds without the name, None where it holds no name."""
    value = getattr(row, field.attname)
    new = _clean_value(value, clean)
    if new == value:
        return None
    if isinstance(field, models.URLField | models.EmailField):
        at = "https://erased.invalid/" if isinstance(field, models.URLField) else "erased@erased.invalid"
        return "" if field.blank else at
    if isinstance(field, models.SlugField):
        return f"erased-{row.pk}"
    if isinstance(new, str):
        if field.unique or any(field.name in one.fields for one in row._meta.total_unique_constraints):
            new = f"{ERASED} {row.pk}"
        return new[: field.max_length] if field.max_length else new
    return new


def _clean_value(value: Any, clean: Clean) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_clean_value(one, clean) for one in value]
    if isinstance(value, dict):
        return {clean(key): _clean_value(one, clean) for key, one in value.items()}
    return value
