"""Telling people: each thing once, in the transaction that makes it so; messages holds it in their quiet hours."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from insights.alerts.models import Alert, Incident
from insights.questions.public import reads_personal
from portal.messages.public import notify, send
from portal.people.public import User, can_see


def tell_about(incident: Incident, what: str, subject: str, text: str, *, tone: str, now: datetime) -> int:
    """Tell all who are to be told of an incident; `what` and the incident make it once. Return how many people."""
    alert = incident.alert
    people = list(told_people(alert))
    url = incident.get_absolute_url()
    key = f"alert:{incident.pk}:{what}"
    notify(people, f"{subject}. {text}", key=key, url=url, kind=tone)
    for user in people:
        send(user, subject, text, key=f"{key}:{user.pk}", url=url, now=now)
    for webhook in alert.webhooks.select_related("user").order_by("pk"):
        if webhook.user.is_active and may_read(webhook.user, alert):
            send(webhook.user, subject, text, key=f"{key}:hook{webhook.pk}", url=url, webhook=webhook, now=now)
    return len(people)


def told_people(alert: Alert) -> Iterable[User]:
    """Yield those who are told and may still read the alert."""
    for user in alert.people.filter(is_active=True).order_by("pk"):
        if may_read(user, alert):
            yield user


def may_read(user: User, alert: Alert) -> bool:
    """Say whether a user may read an alert with its numbers."""
    if not can_see(user, alert) or not can_see(user, alert.product):
        return False
    question = question_of(alert)
    return question is None or not reads_personal([question], user)[0]


def question_of(alert: Alert) -> dict[str, Any] | None:
    """Return the question behind an alert's numbers, None where there is none."""
    if alert.metric:
        return alert.metric.current.question if alert.metric.current else None
    return alert.insight.question if alert.insight else alert.question


def tell_owner(alert: Alert, what: str, subject: str, text: str, *, now: datetime) -> None:
    """Tell an alert's owner that something is wrong with the alert itself, once."""
    owner = alert.owner
    if owner is None or not owner.is_active:
        return
    key, url = f"alert:{alert.pk}:{what}", alert.get_absolute_url()
    notify([owner], f"{subject}. {text}", key=key, url=url, kind="warn")
    send(owner, subject, text, key=f"{key}:{owner.pk}", url=url, now=now)
