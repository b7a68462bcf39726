"""What of metrics shows elsewhere: a block of Home, and results of the search."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from insights.metrics.models import Metric, MetricStar, MetricVersion
from insights.metrics.shown import show_metrics
from portal.shell.public import SearchHit

_MOST_ON_HOME = 6


def build_home(request: HttpRequest) -> dict[str, Any] | None:
    """Return the metrics that a person owns or starred, with their newest change; None without any."""
    user = request.user
    starred = MetricStar.objects.filter(metric=OuterRef("pk"), user_id=user.pk)
    proposed = MetricVersion.objects.filter(metric=OuterRef("pk"), state=MetricVersion.State.PROPOSED)
    mine = Metric.objects.visible_to(user).live().filter(Q(owner_id=user.pk) | Q(Exists(starred)))
    mine = mine.annotate(is_starred=Exists(starred), has_proposal=Exists(proposed)).with_values()
    metrics = list(mine.order_by("-has_proposal", "-is_starred", "name")[:_MOST_ON_HOME])
    return {"rows": show_metrics(metrics, user=user, now=timezone.now())} if metrics else None


def find_metrics(user: Any, text: str) -> QuerySet:
    """Return metrics whose name, words, tags or product hold each word; certified ones first."""
    return Metric.objects.visible_to(user).live().matching(text).order_by("-is_certified", "name", "pk")


def show_found(metric: dict[str, Any]) -> SearchHit:
    """Return a metric as the search shows it."""
    state = "certified" if metric["is_certified"] else "draft"
    address = Metric(pk=metric["pk"]).get_absolute_url()
    return SearchHit("Metric", metric["name"], address, f"{metric['product__name']} · {state}")
