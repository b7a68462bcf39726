"""Who uses a metric, and what is aimed at with it: rooms to the right say so through the registry."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from insights.metrics.contracts import Target, TargetProvider
from insights.metrics.models import Metric, MetricPart
from insights.metrics.models.metric import MetricQuerySet
from insights.questions.public import asks_about
from portal.people.public import SYSTEM
from portal.shell.public import SearchHit, find_uses, registry


@dataclass(frozen=True)
class Uses:
    """What uses a metric, as far as a user may see it, and how many more there are."""

    hits: list[SearchHit]
    n_hidden: int


def list_uses(metric: Metric, user: Any) -> Uses:
    """Return all that uses a metric, whatever room it is of."""
    shown = find_uses(metric, user)
    return Uses(shown, count_uses(metric) - len(shown))


def count_uses(metric: Metric) -> int:
    """Return how many things use a metric, whoever may see them."""
    return len(find_uses(metric, SYSTEM))


def find_users(thing: Any, user: Any) -> MetricQuerySet | None:
    """Return the metrics that are put together from a metric, or ask about an event, a property or a cohort."""
    metrics = Metric.objects.visible_to(user).live()
    if isinstance(thing, Metric):
        return metrics.filter(parts__part=thing)
    asks = asks_about(thing, "current__question")
    return None if asks is None else metrics.filter(asks)


_MADE_AS = {
    Metric.Rule.SUM: "the sum of its parts",
    Metric.Rule.PRODUCT: "the product of its parts",
    Metric.Rule.RATIO: "the ratio of its parts",
}


def show_user(metric: dict[str, Any]) -> SearchHit:
    """Return the hit of a metric that uses something, with how it is put together."""
    address = reverse("metrics:metric-page", args=[metric["pk"]])
    return SearchHit("Metric", metric["name"], address, _MADE_AS.get(metric["rule"], ""))


def list_targets(metric: Metric, user: Any) -> list[Target]:
    """Return what is aimed at with a metric."""
    return [target for piece in registry.all(TargetProvider) for target in piece.find(metric, user)]


def has_parts(metric: Metric) -> bool:
    """Say whether it is put together from others."""
    return MetricPart.objects.filter(whole=metric).exists()
