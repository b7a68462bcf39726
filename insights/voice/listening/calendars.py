"""Calendars of calls: one call as a file, and a secret address at which somebody's calendar reads all of theirs."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from insights.voice.listening.models import CalendarFeed, Call
from portal.audit.public import record
from portal.people.public import is_insider
from portal.shell.public import CalendarEntry, NotFound, seal, unseal, write_calendar

KEPT_DAYS = 90  # calls that are over stay in the calendar for so long, and cancelled ones are told for so long
MOST = 500
_PURPOSE = "voice.calendar"
_READ_EVERY = dt.timedelta(minutes=10)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def open_feed(*, actor: Any, has_names: bool = False) -> CalendarFeed:
    """Make an own secret address; one that is there is dead from then on."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": _hash(token), "sealed_token": seal(_PURPOSE, token), "has_names": has_names}
    feed, is_new = CalendarFeed.objects.update_or_create(user_id=actor.pk, defaults={**values, "last_read_at": None})
    record(actor, "calendar_feed.opened" if is_new else "calendar_feed.renewed", feed, after={"has_names": has_names})
    return feed


@transaction.atomic
def close_feed(feed: CalendarFeed, *, actor: Any) -> None:
    """Take an own address back: nothing reads at it any more."""
    if feed.user_id != actor.pk:
        raise NotFound()
    record(actor, "calendar_feed.closed", feed)
    feed.delete()


def address_of(feed: CalendarFeed) -> str:
    """Return the whole address, "" where the portal's key has changed since: then it has to be made anew."""
    token = unseal(_PURPOSE, feed.sealed_token)
    return settings.PUBLIC_URL.rstrip("/") + reverse("calendars:feed", args=[token]) if token else ""


def read_feed(token: str) -> str:
    """Return the calendar that a secret opens; unknown, closed, or of somebody who left: one answer, NotFound."""
    feed = CalendarFeed.objects.select_related("user").filter(token_hash=_hash(token), user__is_active=True).first()
    if feed is None:
        raise NotFound()
    now = timezone.now()
    if feed.last_read_at is None or now - feed.last_read_at > _READ_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
    since = now - dt.timedelta(days=KEPT_DAYS)
    calls = Call.objects.visible_to(feed.user).filter(caller=feed.user).dressed()
    calls = calls.filter(Q(planned_on__gte=since.date()) | Q(state=Call.State.PLANNED)).exclude(
        Q(state__in=(Call.State.RELEASED, Call.State.DECLINED)) & Q(updated_at__lt=since)
    )
    return write_calendar(
        entries_of(calls.order_by("-planned_on", "-pk")[:MOST], feed.has_names), name="Calls with customers"
    )


def one_call(call: Call, user: Any) -> str:
    """Return one call as a file, with the name: whoever takes it saw it."""
    if not is_insider(user, call.team_id):
        raise NotFound()
    return write_calendar(entries_of([call], True))


def entries_of(calls: Iterable[Call], has_names: bool) -> list[CalendarEntry]:
    """Return calls as entries; without names they say the product, and the link leads to the rest."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "portal"
    entries = []
    for call in calls:
        who = f"Call {call.who}" + (f", {call.company}" if call.company else "")
        zone = ZoneInfo(call.caller.time_zone if call.caller else settings.WORKSPACE_TIME_ZONE)
        at = dt.datetime.combine(call.planned_on, call.planned_at, zone) if call.planned_at else None
        url = settings.PUBLIC_URL.rstrip("/") + call.get_absolute_url()
        why = "\n".join(reason["words"] for reason in call.reasons)
        entries.append(
            CalendarEntry(
                uid=f"call-{call.pk}@{host}",
                on=call.planned_on,
                summary=who if has_names else f"Call with a customer about {call.product.name}",
                changed_at=call.updated_at,
                starts_at=at,
                minutes=call.minutes,
                description=f"{why}\n\n{call.note}\n\n{url}".strip() if has_names else url,
                url=url,
                sequence=call.version - 1,
                is_cancelled=call.state in (Call.State.RELEASED, Call.State.DECLINED),
            )
        )
    return entries
