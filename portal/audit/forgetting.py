"""Taking the name of an erased person out of the trail: entries stay, with who did what to which thing and when."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection

from portal.audit.models import AuditEntry

Clean = Callable[[str], str]
_FITS = """SELECT id FROM portal_audit_auditentry
    WHERE (thing_label || ' ' || note || ' ' || changes::text) ILIKE ANY(%s) ORDER BY id"""
_CHUNK = 500


def forget_in_trail(likes: Sequence[str], clean: Clean) -> int:
    """Take a name out of the entries whose words fit one of these LIKE patterns; return of how many.

    clean(text) returns a text in which “[erased]” stands where words were, and nothing else is changed: the database
    refuses any other change.
    """
    if not likes:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FITS, [list(likes)])
        return _forget([pk for (pk,) in cursor.fetchall()], clean)


def forget_of_things(things: Iterable[tuple[str, str]], clean: Clean) -> int:
    """Take a name out of the entries about some things, (the model's label, key); return of how many."""
    n_changed = 0
    for label, key in things:
        entries = AuditEntry.objects.filter(thing_type=label, thing_id=key)
        n_changed += _forget(list(entries.order_by("pk").values_list("pk", flat=True)), clean)
    return n_changed


def _forget(keys: Sequence[int], clean: Clean) -> int:
    n_changed = 0
    for start in range(0, len(keys), _CHUNK):
        for entry in AuditEntry.objects.filter(pk__in=keys[start : start + _CHUNK]).order_by("pk"):
            before = (entry.thing_label, entry.note, entry.changes)
            after = (clean(entry.thing_label), clean(entry.note), _cleaned(entry.changes, clean))
            if before != after:
                said = [entry.pk, after[0], after[1], json.dumps(after[2], ensure_ascii=False)]
                with connection.cursor() as cursor:
                    cursor.execute("SELECT portal_audit_forget(%s, %s, %s, %s::jsonb)", said)
                n_changed += 1
    return n_changed


def _cleaned(value: Any, clean: Clean) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one, clean) for one in value]
    if isinstance(value, dict):  # keys are names of fields
        return {key: _cleaned(one, clean) for key, one in value.items()}
    return value
