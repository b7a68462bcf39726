"""The roadmap in a calendar: releases, promises and planned ends at a secret address of one's own."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from portal.audit.public import record
from portal.people.public import Product, is_insider
from portal.shell.public import CalendarEntry, NotFound, seal, unseal, write_calendar
from roadmaps.plan.board.models import Promise, RoadmapFeed
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.releases.public import Release

KEPT_DAYS = 180  # what is over stays in the calendar for so long
MOST = 500  # entries of a kind
_PURPOSE = "roadmap.calendar"
_READ_EVERY = dt.timedelta(minutes=10)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def open_feed(*, actor: Any, product: Product | None = None) -> RoadmapFeed:
    """Make an own secret address; one that is there is dead from then on."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": _hash(token), "sealed_token": seal(_PURPOSE, token), "product": product}
    feed, is_new = RoadmapFeed.objects.update_or_create(user_id=actor.pk, defaults={**values, "last_read_at": None})
    record(actor, "roadmap_feed.opened" if is_new else "roadmap_feed.renewed", feed)
    return feed


@transaction.atomic
def close_feed(feed: RoadmapFeed, *, actor: Any) -> None:
    """Take an own address back: nothing reads at it any more."""
    if feed.user_id != actor.pk:
        raise NotFound()
    record(actor, "roadmap_feed.closed", feed)
    feed.delete()


def address_of(feed: RoadmapFeed) -> str:
    """Return the whole address, "" where the portal's key has changed since: then it has to be made anew."""
    token = unseal(_PURPOSE, feed.sealed_token)
    return settings.PUBLIC_URL.rstrip("/") + reverse("roadmap_calendars:feed", args=[token]) if token else ""


def read_feed(token: str) -> str:
    """Return the calendar that a secret opens; unknown, closed, or of somebody who left: one answer, NotFound."""
    feed = RoadmapFeed.objects.select_related("user", "product").filter(token_hash=_hash(token)).first()
    if feed is None or not feed.user.is_active:
        raise NotFound()
    now = timezone.now()
    if feed.last_read_at is None or now - feed.last_read_at > _READ_EVERY:
        RoadmapFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
    since = timezone.localdate(now) - dt.timedelta(days=KEPT_DAYS)
    name = f"Roadmap of {feed.product}" if feed.product else "Roadmap"
    return write_calendar(_entries(feed, since), name=name, of="Roadmap")


def _entries(feed: RoadmapFeed, since: dt.date) -> Iterator[CalendarEntry]:
    base = settings.PUBLIC_URL.rstrip("/")
    host = urlsplit(settings.PUBLIC_URL).hostname or "portal"
    user, narrow = feed.user, {"product": feed.product} if feed.product_id else {}
    releases = Release.objects.visible_to(user).filter(**narrow).filter(
        Q(planned_on__gte=since) | Q(released_at__date__gte=since)
    )  # fmt: skip
    for one in releases.select_related("product").order_by("-planned_on", "-pk")[:MOST]:
        url = base + one.get_absolute_url()
        yield CalendarEntry(
            uid=f"release-{one.pk}@{host}",
            on=one.on,
            summary=f"{one.product}: release {one.name}" + ("" if one.is_out else ", planned"),
            changed_at=one.updated_at,
            description=url,
            url=url,
            sequence=one.version - 1,
            is_cancelled=one.state == Release.State.CANCELLED,
        )
    inside = {f"initiative__{name}": value for name, value in narrow.items()}
    promises = Promise.objects.visible_to(user).of_rows().filter(due_on__gte=since, **inside)
    for one in promises.order_by("-due_on", "-pk")[:MOST]:
        url = base + one.get_absolute_url()
        whom = f" to {one.to_whom}" if is_insider(user, one.team_id) else ""
        yield CalendarEntry(
            uid=f"promise-{one.pk}@{host}",
            on=one.due_on,
            summary=f"Promised{whom}: {one.initiative}",
            changed_at=one.withdrawn_at or one.created_at,
            description=url,
            url=url,
            sequence=int(one.withdrawn_at is not None),
            is_cancelled=one.withdrawn_at is not None,
        )
    ends = Initiative.objects.visible_to(user).open().filter(ends_on__gte=since, **narrow)
    for one in ends.order_by("-ends_on", "-pk")[:MOST]:
        url = base + one.get_absolute_url()
        yield CalendarEntry(
            uid=f"initiative-{one.pk}@{host}",
            on=one.ends_on,
            summary=f"Planned end: {one}",
            changed_at=one.updated_at,
            description=url,
            url=url,
            sequence=one.version - 1,
        )
