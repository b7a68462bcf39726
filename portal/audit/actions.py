"""Writing the audit trail."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from portal.audit.models import AuditEntry
from portal.shell.request_context import current_origin

_encode = DjangoJSONEncoder().default
# Never in a trail that cannot be changed, whoever's table it is: what opens something, or says where somebody sits.
_SECRET = frozenset({"password", "secret_hash", "session_key", "session_data", "token", "key_hash", "ip", "user_agent"})


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    try:
        return _encode(value)
    except TypeError:
        return str(value)


def state_of(thing: models.Model) -> dict[str, Any]:
    """Return a row's own fields as plain values, to compare with later."""
    return {field.attname: _plain(getattr(thing, field.attname)) for field in thing._meta.concrete_fields}


def _changes(thing: models.Model, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    personal: frozenset[str] = getattr(thing, "PERSONAL_FIELDS", frozenset())
    before, after = before or {}, after or {}
    found = {}
    for name in before.keys() | after.keys():
        old, new = _plain(before.get(name)), _plain(after.get(name))
        if old != new:
            found[name] = "changed" if name in personal or name in _SECRET else [old, new]
    return dict(sorted(found.items()))


def record(
    actor: Any,
    verb: str,
    thing: models.Model,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    """Write one entry, in the caller's transaction; fields with personal data are kept as "changed".

    `before` and `after` hold values by field; a pair that is equal is left out. `state_of` makes either of a row.
    """
    origin = current_origin()
    AuditEntry.objects.create(
        actor_id=actor.pk,
        actor_label=f"user {actor.pk}" if actor.pk else "the portal",
        verb=verb,
        thing_type=thing._meta.label_lower,
        thing_id=str(thing.pk),
        thing_label=_label(thing),
        changes=_changes(thing, before, after),
        note=note,
        door=origin.door,
        address=origin.address,
        request_id=origin.request_id,
    )


def _label(thing: models.Model) -> str:
    # A person's name must not outlive their erasure in a trail that cannot be changed.
    if getattr(thing, "PERSONAL_FIELDS", None):
        return f"{thing._meta.verbose_name} {thing.pk}"
    return str(thing)[:200]
