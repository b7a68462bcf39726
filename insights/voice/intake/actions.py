"""Making inlets, exchanging their secrets, closing them."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.voice.feedback.public import Channel
from insights.voice.intake.access import EDIT
from insights.voice.intake.models import Inlet
from portal.audit.public import record
from portal.people.public import Product, Visibility, require
from portal.shell.public import BadInput, Conflict, is_storable, seal, unseal

OLD_SECRET_OPENS = timedelta(days=1)
_PURPOSE = "insights.voice.inlet"


@transaction.atomic
def create_inlet(
    product: Product, *, name: str, origin: str, channel: Channel, actor: Any, visibility: str = Visibility.TEAM
) -> tuple[Inlet, str]:
    """Make an inlet; its secret is returned this once."""
    require(actor, EDIT, product)
    values = {"name": " ".join(name.split()), "origin": " ".join(origin.split()).lower()}
    lengths = {"name": 100, "origin": 60}
    faults = {
        field: [f"Use 1 to {lengths[field]} readable characters."]
        for field, text in values.items()
        if not text or len(text) > lengths[field] or not is_storable(text)
    }
    if visibility not in Visibility.values:
        faults["visibility"] = [f"Use one of: {', '.join(Visibility.values)}."]
    if faults:
        raise BadInput(fields=faults)
    secret = _new_secret()
    inlet = Inlet.objects.create(
        product=product,
        key=secrets.token_hex(12),
        secret=seal(_PURPOSE, secret),
        channel=channel,
        visibility=visibility,
        created_by_id=actor.pk,
        **values,
    )
    record(actor, "inlet.created", inlet, after={"name": inlet.name, "origin": inlet.origin})
    return inlet, secret


@transaction.atomic
def exchange_secret(inlet: Inlet, *, actor: Any, has_leaked: bool = False) -> tuple[Inlet, str]:
    """Give an inlet a new secret, returned this once; the old one opens it for a day more unless it has leaked."""
    require(actor, EDIT, inlet)
    current = _locked(inlet)
    secret, old = _new_secret(), current.secret
    current.secret = seal(_PURPOSE, secret)
    current.old_secret = "" if has_leaked else old
    current.old_secret_until = None if has_leaked else timezone.now() + OLD_SECRET_OPENS
    current.save(update_fields=["secret", "old_secret", "old_secret_until"])
    record(actor, "inlet.secret_exchanged", current)
    return current, secret


@transaction.atomic
def close_inlet(inlet: Inlet, *, actor: Any) -> Inlet:
    """Close an inlet for good; what came by it stays."""
    require(actor, EDIT, inlet)
    current = _locked(inlet)
    current.closed_at, current.old_secret, current.old_secret_until = timezone.now(), "", None
    current.save(update_fields=["closed_at", "old_secret", "old_secret_until"])
    record(actor, "inlet.closed", current)
    return current


def secrets_of(inlet: Inlet, now: datetime) -> list[str]:
    """Return the secrets that open an inlet at a moment; none where the portal's key has changed."""
    is_changing = inlet.old_secret_until is not None and inlet.old_secret_until > now
    stored = [inlet.secret, inlet.old_secret] if is_changing else [inlet.secret]
    return [secret for secret in (unseal(_PURPOSE, text) for text in stored) if secret is not None]


def _new_secret() -> str:
    return "is_" + secrets.token_urlsafe(32)


def _locked(inlet: Inlet) -> Inlet:
    found = Inlet.objects.select_for_update(of=["self"]).select_related("product", "channel")
    current = found.filter(pk=inlet.pk).first()
    if current is None or current.closed_at is not None:
        raise Conflict("This inlet is closed already.")
    return current
