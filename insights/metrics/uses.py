"""Who uses a metric, and what is aimed at with it: rooms to the right say so through the registry."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from insights.cohorts.public import Cohort
from insights.metrics.contracts import Target, TargetProvider
from insights.metrics.models import Metric, MetricPart
from insights.questions.public import named_cohorts
from portal.people.public import SYSTEM, can_see
from portal.shell.public import SearchHit, UsedBy, registry


@dataclass(frozen=True)
class Uses:
    """What uses a metric, as far as a user may see it, and how many more there are."""

    hits: list[SearchHit]
    n_hidden: int

    @property
    def n_all(self) -> int:
        """Return how many use it."""
        return len(self.hits) + self.n_hidden


def list_uses(metric: Metric, user: Any) -> Uses:
    """Return all that uses a metric, whatever room it is of; each room is asked once."""
    shown: list[SearchHit] = []
    n_all = 0
    for piece in registry.all(UsedBy):
        hits = list(piece.find(metric, SYSTEM))
        n_all += len(hits)
        if all(hit.thing is not None for hit in hits):
            shown += [hit for hit in hits if can_see(user, hit.thing)]
        else:  # the room does not say whose they are: it knows itself
            shown += piece.find(metric, user)
    return Uses(shown, max(n_all - len(shown), 0))


def count_uses(metric: Metric) -> int:
    """Return how many things use a metric, whoever may see them."""
    return sum(1 for piece in registry.all(UsedBy) for _ in piece.find(metric, SYSTEM))


def find_wholes(thing: Any, user: Any) -> Iterator[SearchHit]:
    """Yield the metrics that are put together from a metric, or whose question names a cohort."""
    if isinstance(thing, Cohort):
        for metric in Metric.objects.visible_to(user).live().select_related("current").order_by("name"):
            if metric.current and thing.names.intersection(named_cohorts(metric.current.question)):
                yield SearchHit("Metric", metric.name, metric.get_absolute_url())
        return
    if not isinstance(thing, Metric):
        return
    wholes = Metric.objects.visible_to(user).live().filter(parts__part=thing).order_by("name")
    for whole in wholes:
        yield SearchHit(
            "Metric", whole.name, whole.get_absolute_url(), f"its {whole.get_rule_display().partition(':')[0].lower()}"
        )


def list_targets(metric: Metric, user: Any) -> list[Target]:
    """Return what is aimed at with a metric."""
    return [target for piece in registry.all(TargetProvider) for target in piece.find(metric, user)]


def has_parts(metric: Metric) -> bool:
    """Say whether it is put together from others."""
    return MetricPart.objects.filter(whole=metric).exists()
