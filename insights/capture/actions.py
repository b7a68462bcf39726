"""Making, replacing and revoking write keys."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.capture.access import EDIT
from insights.capture.models import WriteKey
from insights.events.public import Source
from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import BadInput, Conflict

OVERLAP = timedelta(days=7)  # how long a replaced key stays valid, so that senders can change theirs in peace
_PREFIX_LENGTH = 11


def _hash(secret: str) -> str:
    # 256 random bits: one round of SHA-256 is as good as a slow hash, and each request checks one.
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_write_key(source: Source, *, name: str, actor: Any) -> tuple[WriteKey, str]:
    """Make a key of a source; its text is returned this once and never kept."""
    require(actor, EDIT, source)
    if source.kind != Source.Kind.API:
        raise BadInput(fields={"source": ["Only sources of the kind “Capture API” have write keys."]})
    if not name.strip() or len(name) > 100:
        raise BadInput(fields={"name": ["Say in at most 100 characters where the key is used."]})
    prefix, secret = "wk_" + secrets.token_hex(4), secrets.token_urlsafe(32)
    key = WriteKey.objects.create(
        source=source,
        name=name.strip(),
        prefix=prefix,
        secret_hash=_hash(secret),
        created_by_id=actor.pk,
    )
    record(actor, "write_key.created", key, after={"name": key.name, "prefix": prefix, "source_id": source.pk})
    return key, f"{prefix}_{secret}"


@transaction.atomic
def rotate_write_key(key: WriteKey, *, actor: Any) -> tuple[WriteKey, str]:
    """Make a successor of a key; the old one stays valid for a week, or until it is revoked."""
    require(actor, EDIT, key)
    until = timezone.now() + OVERLAP
    if not WriteKey.objects.valid().filter(pk=key.pk, expires_at=None).update(expires_at=until):
        raise Conflict("This key was replaced or revoked already.")
    successor, text = create_write_key(key.source, name=key.name, actor=actor)
    record(actor, "write_key.replaced", key, after={"expires_at": until, "successor": successor.prefix})
    return successor, text


@transaction.atomic
def revoke_write_key(key: WriteKey, *, actor: Any) -> WriteKey:
    """Close a key at once."""
    require(actor, EDIT, key)
    now = timezone.now()
    if not WriteKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        raise Conflict("This key was revoked already.")
    record(actor, "write_key.revoked", key, after={"revoked_at": now})
    key.revoked_at = now
    return key


def find_write_key(text: str) -> WriteKey | None:
    """Return the valid key that a sender showed, with its source, or None."""
    prefix, secret = text[:_PREFIX_LENGTH], text[_PREFIX_LENGTH + 1 :]
    if not prefix.startswith("wk_") or "\x00" in prefix:
        return None
    key = WriteKey.objects.valid().select_related("source").filter(prefix=prefix).first()
    if key is None or not secrets.compare_digest(key.secret_hash, _hash(secret)):
        return None
    return key
