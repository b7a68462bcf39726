"""Making, changing and revoking links to the roadmap."""

from collections.abc import Iterable, Mapping
from dataclasses import fields as fields_of
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.people.public import Product, require
from portal.shell.public import LEAST_PASSWORD, BadInput, Conflict, hash_password, hash_token, make_token
from roadmaps.plan.board.page import parse
from roadmaps.plan.board.state import State
from roadmaps.plan.sharing.contracts import FIELDS, FILTERS, MOST_DAYS, views_of
from roadmaps.plan.sharing.models import Audience, RoadmapLink
from roadmaps.plan.sharing.reading import why_closed

_TOLD = ("name", "audience", "heading", "fields", "view", "asked", "needs_login", "expires_at")


def build_link(
    product: Product,
    *,
    actor: Any,
    name: str,
    heading: str,
    fields: Iterable[str],
    view: str,
    expires_at: datetime,
    audience: str = Audience.OTHER,
    asked: Mapping[str, str] | None = None,
    needs_login: bool = False,
    password: str = "",
) -> RoadmapLink:
    """Return a link as it would be, checked and not kept: what is shown before it is made."""
    require(actor, "roadmap_links.edit", product)
    link = RoadmapLink(product=product, created_by_id=actor.pk, created_at=timezone.now())
    values = {"name": name, "heading": heading, "fields": fields, "view": view, "expires_at": expires_at}
    _write(link, {**values, "audience": audience, "asked": asked or {}, "needs_login": needs_login}, password)
    return link


@transaction.atomic
def create_link(product: Product, *, actor: Any, **values: Any) -> tuple[RoadmapLink, str]:
    """Make a link (values as `build_link`); return it and its secret, which is told this once and never kept."""
    link, token = build_link(product, actor=actor, **values), make_token()
    link.token_hash = hash_token(token)
    link.save()
    record(actor, "roadmap_link.created", link, after=_told(link))
    return link, token


@transaction.atomic
def change_link(
    link: RoadmapLink, *, actor: Any, password: str = "", drops_password: bool = False, **values: Any
) -> RoadmapLink:
    """Change what a link shows and until when; its address stays. Without a new password the old one stays."""
    require(actor, "roadmap_links.edit", link)
    current = RoadmapLink.objects.select_for_update(of=("self",)).select_related("product").get(pk=link.pk)
    if current.revoked_at:
        raise Conflict("It was revoked. Make a new one.")
    before = _told(current)
    kept = {name: getattr(current, name) for name in _TOLD}
    _write(current, {**kept, **values}, password, drops_password=drops_password)
    current.save()
    record(actor, "roadmap_link.changed", current, before=before, after=_told(current))
    return current


@transaction.atomic
def revoke_link(link: RoadmapLink, *, actor: Any) -> bool:
    """Make a link useless at once; return False if it was revoked already."""
    require(actor, "roadmap_links.edit", link)
    now = timezone.now()
    if not RoadmapLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now, revoked_by_id=actor.pk):
        return False
    record(actor, "roadmap_link.revoked", link, before={"is_revoked": False}, after={"is_revoked": True})
    link.refresh_from_db()
    return True


def _told(link: RoadmapLink) -> dict[str, Any]:
    """Return what the trail keeps of a link: no hash of anything secret."""
    state = state_of(link)
    return {**{name: state[name] for name in _TOLD}, "has_password": link.has_password}


def _write(link: RoadmapLink, values: dict[str, Any], password: str, *, drops_password: bool = False) -> None:
    faults: dict[str, list[str]] = {}
    link.name, link.heading = values["name"].strip(), values["heading"].strip()
    link.fields = [name for name in FIELDS if name in set(values["fields"])]
    link.view, link.audience, link.needs_login = values["view"], values["audience"], bool(values["needs_login"])
    link.expires_at, link.asked = values["expires_at"], narrow(values["asked"])
    if not link.name:
        faults["name"] = ["Say for whom the link is, so that it can be told from others."]
    if not link.heading:
        faults["heading"] = ["Say what stands above the roadmap."]
    if link.audience not in Audience:
        faults["audience"] = ["Choose one of them."]
    if unknown := set(values["fields"]) - set(FIELDS):
        faults["fields"] = [f"There is no field “{sorted(unknown)[0]}”."]
    elif link.view not in views_of(link.fields):
        faults["view"] = ["This view tells something that is not among the fields. Choose the field, or the list."]
    if not timezone.now() < link.expires_at <= link.created_at + timedelta(days=MOST_DAYS + 1):
        faults["expires_at"] = [f"Choose a day from tomorrow up to {MOST_DAYS} days after it was made."]
    if password and len(password) < LEAST_PASSWORD:
        faults["password"] = [f"Use at least {LEAST_PASSWORD} characters."]
    if faults:
        raise BadInput(fields=faults)
    _refuse_closed(link)
    if password or drops_password:
        link.password_hash = hash_password(password)


def narrow(asked: Mapping[str, str]) -> dict[str, str]:
    """Return the filters of an address that narrow a link; a past day is refused, for a link shows today.

    So is a name that the address does not know: with a filter misspelt, more would be shown than was meant.
    """
    if unknown := sorted(set(asked) - {one.name for one in fields_of(State)}):
        raise BadInput(fields={"filters": [f"There is no filter “{unknown[0][:40]}”."]})
    if asked.get("day"):
        raise BadInput("A link shows the roadmap as it is. Go back to today before you share it.")
    state = parse({name: asked[name] for name in FILTERS if name in asked}, timezone.localdate())
    return {name: text for name, text in state.asked().items() if name in FILTERS}


def _refuse_closed(link: RoadmapLink) -> None:
    if not settings.PUBLIC_LINKS and not link.needs_login:
        raise BadInput("Links that open without signing in are switched off in this portal (PUBLIC_LINKS).")
    if why := why_closed(link.product):
        raise BadInput(why)
