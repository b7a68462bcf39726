"""Writes about subscriptions: made, changed, stopped, started again, sent at once; each checked and recorded."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.messages.access import get_subject
from portal.messages.actions.deliveries import put_on_way, send
from portal.messages.actions.notices import notify
from portal.messages.models import Delivery, Notice, QuietHours, Subscription
from portal.messages.occurrences import last_occurrence, next_occurrence
from portal.people.public import User, require
from portal.shell.public import BadInput, Conflict, NotAllowed, TooOften

MOST_OF_A_PERSON = 100
CHOICES = ("frequency", "weekday", "at", "time_zone", "webhook", "skips_unchanged")
TWICE = "You have this subscription already. Change that one, or choose another time or place."
StopReason = Subscription.StopReason


def _weekday(subscription: Subscription) -> int | None:
    return subscription.weekday if subscription.frequency == Subscription.Frequency.WEEKLY else None


def next_time(subscription: Subscription, now: datetime) -> datetime:
    """Return when a subscription is due after a moment."""
    return next_occurrence(now, subscription.at, subscription.time_zone, _weekday(subscription))


def find_thing(user: Any, kind: str, thing_id: str) -> tuple[Any, str]:
    """Return a thing that a person may subscribe to, with its title; BadInput otherwise."""
    subject = get_subject(kind)
    if subject is None:
        raise BadInput(fields={"kind": ["There are no digests of this kind."]})
    thing = subject.find(user, thing_id)
    if thing is None:
        raise BadInput(fields={"thing": ["There is no such thing, or it is not shared with you."]})
    return thing, subject.describe(thing)[0]


def _check(subscription: Subscription) -> None:
    if subscription.webhook is not None and subscription.webhook.user_id != subscription.user_id:
        raise BadInput(fields={"webhook": ["Choose one of your own webhooks."]})
    if subscription.at is not None:
        subscription.at = subscription.at.replace(second=0, microsecond=0)
    subscription.full_clean(exclude=["next_at"], validate_constraints=False)
    # One person's changes come one after the other, so that two presses of a button make one subscription.
    User.objects.select_for_update().get(pk=subscription.user_id)
    ways = {name: getattr(subscription, name) for name in ("kind", "thing_id", "frequency", "webhook")}
    twins = Subscription.objects.live().filter(user_id=subscription.user_id, **ways).exclude(pk=subscription.pk)
    if twins.exists():
        raise Conflict(TWICE)


def _own(subscription: Subscription, actor: Any) -> None:
    if actor.pk != subscription.user_id:
        raise NotAllowed("Only the person themselves may change this.")


@transaction.atomic
def create_subscription(*, actor: Any, kind: str, thing_id: str = "", **values: Any) -> Subscription:
    """Subscribe the actor to a thing that they may see."""
    _, title = find_thing(actor, kind, thing_id)
    subscription = Subscription(user=actor, kind=kind, thing_id=thing_id, title=title[:200], **values)
    _check(subscription)
    if Subscription.objects.live().filter(user=actor).count() >= MOST_OF_A_PERSON:
        raise BadInput(f"A person has at most {MOST_OF_A_PERSON} subscriptions. Stop one first.")
    subscription.next_at = next_time(subscription, timezone.now())
    subscription.save()
    record(actor, "subscription.created", subscription, after=state_of(subscription))
    return subscription


@transaction.atomic
def change_subscription(subscription: Subscription, *, actor: Any, **values: Any) -> Subscription:
    """Change when and where a digest comes."""
    _own(subscription, actor)
    unknown = values.keys() - set(CHOICES)
    if unknown:
        raise BadInput(fields={name: ["This cannot be changed. Make a new subscription."] for name in sorted(unknown)})
    before = state_of(subscription)
    for name, value in values.items():
        setattr(subscription, name, value)
    _check(subscription)
    subscription.next_at = next_time(subscription, timezone.now())
    subscription.save(update_fields=[*values, "next_at", "updated_at"])
    record(actor, "subscription.changed", subscription, before=before, after=state_of(subscription))
    return subscription


@transaction.atomic
def stop_subscription(subscription: Subscription, *, actor: Any, reason: str = StopReason.OWNER) -> Subscription:
    """Stop a subscription; stopped twice is stopped. Others' are for ops."""
    if actor.pk != subscription.user_id:
        require(actor, "subscriptions.stop_any")
    fields = {"stopped_at": timezone.now(), "stop_reason": reason}
    if Subscription.objects.live().filter(pk=subscription.pk).update(**fields):
        record(actor, "subscription.stopped", subscription, after=fields)
        if reason == StopReason.OPS:
            said = f"Ops stopped your subscription to “{subscription}”. Ask them why, or start it again."
            notify([subscription.user], said, key=f"subscription-stopped:{subscription.pk}", url=list_path())
    subscription.refresh_from_db(fields=["stopped_at", "stop_reason"])
    return subscription


@transaction.atomic
def resume_subscription(subscription: Subscription, *, actor: Any) -> Subscription:
    """Start a stopped subscription again."""
    _own(subscription, actor)
    find_thing(actor, subscription.kind, subscription.thing_id)
    _check(subscription)
    fields = {"stopped_at": None, "stop_reason": "", "next_at": next_time(subscription, timezone.now())}
    if Subscription.objects.filter(pk=subscription.pk, stopped_at__isnull=False).update(**fields):
        record(actor, "subscription.resumed", subscription, after=fields)
    subscription.refresh_from_db()
    return subscription


@transaction.atomic
def send_now(subscription: Subscription, *, actor: Any) -> Delivery:
    """Send a digest at once, beside its schedule; pressed twice within a minute it is one."""
    _own(subscription, actor)
    if subscription.is_stopped:
        raise Conflict("This subscription was stopped. Start it again first.")
    now = timezone.now()
    key = f"digest:{subscription.pk}:now:{now:%Y-%m-%dT%H:%M}"
    if (made := Delivery.objects.filter(key=key).first()) is not None:
        return made
    since = now - timedelta(hours=1)
    if Delivery.objects.filter(subscription=subscription, key__contains=":now:", created_at__gt=since).count() >= 10:
        raise TooOften("This was sent ten times in an hour. Wait a little.")
    return make_delivery(subscription, key, now, now)


def make_delivery(subscription: Subscription, key: str, occurs_at: datetime, now: datetime) -> Delivery:
    """Make the delivery of one occurrence, once a key."""
    return put_on_way(
        key,
        subscription.title,
        now,
        kind=Delivery.Kind.DIGEST,
        user_id=subscription.user_id,
        subscription=subscription,
        webhook=subscription.webhook,
        occurs_at=occurs_at,
    )


@transaction.atomic
def start_occurrence(subscription: Subscription, now: datetime) -> Delivery | None:
    """Claim a due occurrence and make its delivery; None when another worker was first.

    After a pause of the portal only the newest occurrence is made: nobody wants last week's mails one by one.
    """
    mine = Subscription.objects.live().filter(pk=subscription.pk, next_at=subscription.next_at)
    if not mine.update(next_at=next_time(subscription, now)):
        return None
    occurs_at = last_occurrence(now, subscription.at, subscription.time_zone, _weekday(subscription))
    # By local day: a person who moves the time of a digest that came today gets the next one tomorrow.
    day = timezone.localdate(occurs_at, ZoneInfo(subscription.time_zone))
    return make_delivery(subscription, f"digest:{subscription.pk}:{day:%Y-%m-%d}", occurs_at, now)


def start_due(now: datetime, limit: int = 1000) -> int:
    """Make the deliveries of all subscriptions that are due; return how many."""
    due = Subscription.objects.live().filter(next_at__lte=now, user__is_active=True).order_by("next_at", "pk")
    return sum(start_occurrence(one, now) is not None for one in due.select_related("webhook")[:limit])


@transaction.atomic
def lose_access(subscription: Subscription) -> None:
    """Stop a subscription to what its person may not see any more, and tell them once."""
    fields = {"stopped_at": timezone.now(), "stop_reason": StopReason.ACCESS}
    if not Subscription.objects.live().filter(pk=subscription.pk).update(**fields):
        return
    record(subscription.user, "subscription.stopped", subscription, after=fields)
    # The title as they last saw it: a new one is not for them.
    said = f"Your digest about “{subscription}” has stopped: it is gone, or not shared with you any more."
    key = f"subscription-lost:{subscription.pk}:{fields['stopped_at']:%Y-%m-%d}"
    notify([subscription.user], said, key=key, url=list_path(), kind=Notice.Kind.WARN)
    send(subscription.user, "A digest has stopped", f"{said} Ask its owner for access.", key=key, url=list_path())


def list_path() -> str:
    """Return the path of a person's subscriptions."""
    return reverse("messages:subscription-list")


@transaction.atomic
def set_quiet_hours(user: User, *, actor: Any, **values: Any) -> QuietHours:
    """Set when single messages wait: from, to, and whether weekends are quiet."""
    if actor.pk != user.pk:
        raise NotAllowed("Only the person themselves may change this.")
    before = QuietHours.objects.filter(user=user).first()
    quiet, _ = QuietHours.objects.update_or_create(user=user, defaults=values)
    record(actor, "quiet_hours.changed", quiet, before=state_of(before) if before else None, after=state_of(quiet))
    return quiet


@transaction.atomic
def clear_quiet_hours(user: User, *, actor: Any) -> None:
    """Let single messages come at any time."""
    if actor.pk != user.pk:
        raise NotAllowed("Only the person themselves may change this.")
    quiet = QuietHours.objects.filter(user=user).first()
    if quiet is not None:
        record(actor, "quiet_hours.removed", quiet, before=state_of(quiet))
        quiet.delete()
