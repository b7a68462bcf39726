"""Writes about webhooks: made, changed, tested, removed; addresses and secrets are never read back."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.messages import guard
from portal.messages.actions.deliveries import put_on_way
from portal.messages.hooks import seal_text
from portal.messages.models import Delivery, Webhook
from portal.people.public import User
from portal.shell.public import BadInput, NotAllowed

MOST_OF_A_PERSON = 20
# Long enough to deploy a receiver that knows the new secret, short enough that nobody forgets to.
OLD_SECRET_SIGNS = timedelta(hours=24)
_TEST = "This is a test. The webhook works, if you can read it."


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _own(webhook: Webhook, actor: Any) -> None:
    if actor.pk != webhook.user_id:
        raise NotAllowed("Only the person themselves may change this.")


def _set_address(webhook: Webhook, address: str) -> None:
    try:
        parts = guard.check_url(address)
    except guard.Refused as error:
        raise BadInput(fields={"address": [str(error)]}) from error
    webhook.address, webhook.host = seal_text(address.strip()), str(parts.hostname)[:253]


def _check(webhook: Webhook) -> None:
    User.objects.select_for_update().get(pk=webhook.user_id)
    mine = Webhook.objects.filter(user_id=webhook.user_id).exclude(pk=webhook.pk)
    if mine.filter(name=webhook.name).exists():
        raise BadInput(fields={"name": ["You have a webhook of this name. Choose another."]})
    webhook.full_clean(validate_constraints=False)


@transaction.atomic
def create_webhook(*, actor: Any, name: str, address: str) -> tuple[Webhook, str]:
    """Make a webhook; the secret that signs its messages is returned this once and never shown again."""
    secret = _new_secret()
    webhook = Webhook(user=actor, name=name, secret=seal_text(secret))
    _set_address(webhook, address)
    _check(webhook)
    if Webhook.objects.filter(user=actor).count() >= MOST_OF_A_PERSON:
        raise BadInput(f"A person has at most {MOST_OF_A_PERSON} webhooks. Remove one first.")
    webhook.save()
    record(actor, "webhook.created", webhook, after=state_of(webhook))
    return webhook, secret


@transaction.atomic
def change_webhook(webhook: Webhook, *, actor: Any, name: str = "", address: str = "") -> Webhook:
    """Change a webhook's name, or its address; what is empty stays."""
    _own(webhook, actor)
    before = state_of(webhook)
    webhook.name = name or webhook.name
    if address:
        _set_address(webhook, address)
    _check(webhook)
    webhook.save(update_fields=["name", "host", "address"])
    record(actor, "webhook.changed", webhook, before=before, after=state_of(webhook))
    return webhook


@transaction.atomic
def exchange_secret(webhook: Webhook, *, actor: Any, has_leaked: bool = False) -> str:
    """Give a webhook a new secret, returned this once; the old one signs beside it for a day, unless it has leaked."""
    _own(webhook, actor)
    locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
    secret = _new_secret()
    webhook.old_secret = "" if has_leaked else locked.secret
    webhook.old_secret_until = None if has_leaked else timezone.now() + OLD_SECRET_SIGNS
    webhook.secret = seal_text(secret)
    webhook.save(update_fields=["secret", "old_secret", "old_secret_until"])
    note = "The old secret has leaked and signs no more." if has_leaked else "The old secret signs too for 24 hours."
    record(actor, "webhook.secret_exchanged", webhook, note=note)
    return secret


@transaction.atomic
def delete_webhook(webhook: Webhook, *, actor: Any) -> None:
    """Remove a webhook with the subscriptions that go to it."""
    _own(webhook, actor)
    n_subscriptions = webhook.subscriptions.count()
    record(actor, "webhook.deleted", webhook, before=state_of(webhook), note=f"{n_subscriptions} subscriptions")
    webhook.delete()


@transaction.atomic
def test_webhook(webhook: Webhook, *, actor: Any) -> Delivery:
    """Send a webhook a test; pressed twice within a minute it is one."""
    _own(webhook, actor)
    now = timezone.now()
    key = f"test:{webhook.pk}:{now:%Y-%m-%dT%H:%M}"
    values = {"kind": Delivery.Kind.TEST, "user": webhook.user, "webhook": webhook, "text": _TEST}
    return put_on_way(key, "A test of the Product Ops Portal", now, **values)
