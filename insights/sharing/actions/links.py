"""Making and revoking public links, and closing products to them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from insights.dashboards.models import Dashboard
from insights.sharing.models import ClosedProduct, PublicLink
from portal.audit.public import record
from portal.people.public import Product, require
from portal.shell.public import LEAST_PASSWORD, BadInput, Conflict, hash_password, hash_token, make_token

USUAL_DAYS = 30


@transaction.atomic
def create_link(
    dashboard: Dashboard,
    *,
    actor: Any,
    name: str,
    expires_at: datetime,
    password: str = "",
    is_embeddable: bool = False,
    now: datetime | None = None,
) -> tuple[PublicLink, str]:
    """Make a public link to a dashboard; return it and its secret, which is told this once and never kept."""
    require(actor, "links.create", dashboard)
    now = now or timezone.now()
    _check(dashboard, name, expires_at, password, is_embeddable, now)
    token = make_token()
    link = PublicLink.objects.create(
        dashboard=dashboard,
        name=name.strip(),
        token_hash=hash_token(token),
        password_hash=hash_password(password),
        is_embeddable=is_embeddable,
        expires_at=expires_at,
        created_by=actor if actor.pk else None,
        created_at=now,
    )
    after = {"dashboard": dashboard.title, "expires_at": expires_at, "has_password": bool(password)}
    record(actor, "public_link.created", link, after={**after, "is_embeddable": is_embeddable})
    return link, token


def _check(
    dashboard: Dashboard, name: str, expires_at: datetime, password: str, is_embeddable: bool, now: datetime
) -> None:
    if not settings.PUBLIC_LINKS:
        raise BadInput("Public links are switched off in this portal. Ask an admin about the setting PUBLIC_LINKS.")
    if dashboard.is_archived:
        raise BadInput("This dashboard is archived. Restore it before you share it.")
    closed = ClosedProduct.objects.filter(product=dashboard.product_id).first()
    if closed:
        raise BadInput(f"{dashboard.product} is closed to public links: {closed.reason}")
    faults: dict[str, list[str]] = {}
    if not name.strip():
        faults["name"] = ["Say for whom the link is, so that it can be told from others."]
    most = settings.PUBLIC_LINK_MAX_DAYS
    if not now < expires_at <= now + timedelta(days=most + 1):
        faults["expires_at"] = [f"Choose a day from tomorrow up to {most} days ahead."]
    if password and len(password) < LEAST_PASSWORD:
        faults["password"] = [f"Use at least {LEAST_PASSWORD} characters."]
    if is_embeddable and not settings.EMBED_HOSTS:
        words = "No wiki may frame this portal's pages. An admin can name its host in the setting EMBED_HOSTS."
        faults["is_embeddable"] = [words]
    elif is_embeddable and password:
        faults["is_embeddable"] = ["A link with a password cannot be embedded: browsers keep its cookie out of frames."]
    if faults:
        raise BadInput(fields=faults)


@transaction.atomic
def revoke_link(link: PublicLink, *, actor: Any) -> bool:
    """Make a link useless at once; return False if it was revoked already."""
    require(actor, "links.revoke", link)
    now = timezone.now()
    who = actor if actor.pk else None
    if not PublicLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now, revoked_by=who):
        return False
    record(actor, "public_link.revoked", link, before={"is_revoked": False}, after={"is_revoked": True})
    link.refresh_from_db()
    return True


@transaction.atomic
def close_product(product: Product, *, actor: Any, reason: str) -> ClosedProduct:
    """Show a product's numbers on no public link from now on, those that exist included."""
    require(actor, "links.close_product", product)
    if not reason.strip():
        raise BadInput(fields={"reason": ["Say why, such as “contracts forbid it”: who wants to share is told."]})
    closed, is_new = ClosedProduct.objects.get_or_create(
        product=product, defaults={"reason": reason.strip()[:200], "closed_by": actor if actor.pk else None}
    )
    if not is_new:
        raise Conflict(f"{product} is closed to public links already.")
    record(actor, "product.closed_to_public_links", product, note=closed.reason)
    return closed


@transaction.atomic
def open_product(product: Product, *, actor: Any) -> bool:
    """Let public links show a product's numbers again; return False if they may."""
    require(actor, "links.close_product", product)
    if not ClosedProduct.objects.filter(product=product).delete()[0]:
        return False
    record(actor, "product.opened_to_public_links", product)
    return True
