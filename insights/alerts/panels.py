"""What of alerts shows elsewhere: on Home, in the search, at things that alerts watch, and offers to watch them."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from insights.alerts.models import Alert, AlertQuerySet, Incident
from insights.alerts.showing import incidents_in_need
from insights.dashboards.models import Tile
from insights.events.public import Source
from insights.explore.public import Insight
from insights.metrics.public import Metric
from insights.questions.public import asks_about
from portal.people.public import can
from portal.shell.public import Offer, SearchHit

_MOST_ON_HOME = 5


def build_home(request: HttpRequest) -> dict[str, Any] | None:
    """Return the incidents that somebody should look at, or nothing; what is snoozed rests."""
    awake = incidents_in_need(request.user).exclude(state=Incident.State.SNOOZED)
    found = list(awake[: _MOST_ON_HOME + 1])
    if not found:
        return None
    n_more = awake.count() - _MOST_ON_HOME if len(found) > _MOST_ON_HOME else 0
    return {"incidents": found[:_MOST_ON_HOME], "n_more": n_more}


def find_alerts(user: Any, text: str) -> AlertQuerySet:
    """Return the alerts whose name, subject or product holds each word."""
    return Alert.objects.visible_to(user).live().matching(text).order_by("name", "pk")


def show_found(alert: dict[str, Any]) -> SearchHit:
    """Return an alert as the search shows it."""
    about = f"{alert['product__name']} · {alert['subject_title']}"
    return SearchHit("Alert", alert["name"], reverse("alerts:alert-page", args=[alert["pk"]]), about)


def find_uses(thing: Any, user: Any) -> AlertQuerySet | None:
    """Return the alerts that watch a metric or an insight, or what asks about an event, a property or a cohort."""
    alerts = Alert.objects.visible_to(user).live()
    if isinstance(thing, Metric):
        return alerts.filter(metric=thing)
    if isinstance(thing, Insight):
        return alerts.filter(insight=thing)
    asks = asks_about(thing, "question", "insight__question", "metric__current__question")
    return None if asks is None else alerts.filter(asks)


def show_use(alert: dict[str, Any]) -> SearchHit:
    """Return the hit of an alert that uses something."""
    return SearchHit("Alert", alert["name"], reverse("alerts:alert-page", args=[alert["pk"]]), alert["subject_title"])


def offer_alert(thing: Any, user: Any) -> Offer | None:
    """Offer to be told about a metric, an insight, a tile or a source's promise."""
    if not can(user, "alerts.create"):
        return None
    if isinstance(thing, Metric) and thing.archived_at is None:
        key = f"metric:{thing.pk}"
    elif isinstance(thing, Insight) and thing.kind in ("trend", "funnel"):
        key = f"insight:{thing.pk}:0"
    elif isinstance(thing, Tile) and thing.metric_id:
        key = f"metric:{thing.metric_id}"
    elif isinstance(thing, Tile) and thing.kind == "question" and (thing.asks or {}).get("kind") in ("trend", "funnel"):
        key = f"tile:{thing.pk}:0"
    elif isinstance(thing, Source) and thing.fresh_by is not None:
        key = f"source:{thing.pk}"
    else:
        return None
    words = "Watch this number and be told when it is not as it should be."
    return Offer("Alert me", f"{reverse('alerts:alert-new')}?{urlencode({'subject': key})}", detail=words)
