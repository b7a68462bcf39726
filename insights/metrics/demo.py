"""The demo company's metrics: what it looks at on Mondays, two trees, and a change that waits to be decided."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from insights.capture.demo.world import ONBOARDING, PLANNER
from insights.metrics import actions
from insights.metrics.contracts import Definition
from insights.metrics.forming import read_definition
from insights.metrics.models import Metric, MetricVersion
from insights.metrics.refreshing import refresh_versions
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User


@dataclass(frozen=True)
class _Change:
    """A change of its definition that was proposed and approved: what it asked before, and what was said about it."""

    before: dict[str, Any]
    reason: str
    decision: str
    weeks_ago: int


@dataclass(frozen=True)
class _Metric:
    name: str
    words: str
    question: dict[str, Any]
    unit: str = "people"
    direction: str = "up"
    column: int | None = None
    is_certified: bool = False
    tags: list[str] = field(default_factory=list)
    change: _Change | None = None


def _trend(event: str | None, measure: str = "persons", **more: Any) -> dict[str, Any]:
    series = {"event": event, "measure": measure, **{key: more.pop(key) for key in ("property",) if key in more}}
    return {"kind": "trend", "series": [series], "interval": "week", **more}


def _metrics() -> list[_Metric]:
    steps = [{"event": name} for name in ONBOARDING]
    activation = {"kind": "funnel", "steps": steps, "interval": "week"}
    back = {"kind": "retention", "target": {"event": ONBOARDING[0]}, "returning": {"event": None}, "interval": "week"}
    health, money = ["health"], ["money"]
    return [
        _Metric("Weekly active people", "Different people who did anything in Planner in a week, Monday to Sunday.",
                _trend(None), is_certified=True, tags=health),
        _Metric("Actions", "Everything that people did in Planner in a week: active people times actions of each.",
                _trend(None, "total"), "actions", tags=health),
        _Metric("Actions a person", "How much somebody who came did in that week, on average.",
                _trend(None, "per_person"), "actions", tags=health),
        _Metric("Active accounts", "Customers of whom at least one person did something in the week.",
                {**_trend(None), "unit": "account"}, "accounts", is_certified=True, tags=health),
        _Metric("New people", "People who signed up for the first time in the week.",
                _trend("signed up", "first_time"), is_certified=True, tags=["growth"]),
        _Metric("Activation",
                "Of those who signed up in a week, the share that made a workspace and a plan, and invited"
                " a teammate within 14 days. A week counts once all of its people had their 14 days.",
                activation, is_certified=True, tags=["growth"],
                change=_Change({**activation, "window": {"value": 7, "unit": "day"}}, _LONGER, _AGREED, 9)),
        _Metric("Back after four weeks",
                "Of those who signed up in a week, the share that came four weeks later.",
                {**back, "mode": "first_time"}, column=4, tags=["growth"]),
        _Metric("Invitations", "Invitations that people sent to colleagues in the week.",
                _trend("invited teammate", "total"), "invitations", tags=["growth"]),
        _Metric("Errors shown", "How often Planner showed an error to somebody in the week.",
                _trend("error shown", "total"), "errors", "down", is_certified=True, tags=["quality"]),
        _Metric("Upgrade revenue", "What upgrades of the week bring a month: their number times what each brings.",
                _trend("subscription upgraded", "sum", property="amount"), "€ a month", tags=money),
        _Metric("Upgrades", "Subscriptions that were upgraded in the week.",
                _trend("subscription upgraded", "total"), "upgrades", tags=money),
        _Metric("Revenue an upgrade", "What an upgrade of the week brings a month, on average.",
                _trend("subscription upgraded", "avg", property="amount"), "€ a month", tags=money),
    ]  # fmt: skip


_TREES = (
    ("Actions", ("Weekly active people", "Actions a person")),
    ("Upgrade revenue", ("Upgrades", "Revenue an upgrade")),
)
_LONGER = (
    "A week is too short: customers with a works council invite their teams in the second week, and we call them lost. "
    "14 days is what sales and support count with."
)
_AGREED = "Agreed. Slides that show the old line must name the window."
_WHY = (
    "One person who reloads a broken page ten times counts ten times today. We want to know how many people are hit, "
    "as support does."
)


def seed_metrics(world: DemoWorld, progress: Progress) -> None:
    """Make the demo's metrics, their trees and a proposal; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug=PLANNER.slug).first()
    if product is None:
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    wanted = _metrics()
    for number, one in enumerate(wanted, start=1):
        if not Metric.objects.filter(product=product, name=one.name).exists():
            _make(one, product, owner or world.users.get("product_manager"), world.users.get("ops") or SYSTEM)
        progress(number, len(wanted))
    made = {metric.name: metric for metric in Metric.objects.filter(product=product)}
    for whole, parts in _TREES:
        if not made[whole].parts.exists():
            actions.set_parts(made[whole], actor=SYSTEM, rule="product", parts=[(made[one], 1) for one in parts])
    _propose(made["Errors shown"], world.users.get("ops") or SYSTEM)


def _make(one: _Metric, product: Product, owner: User | None, proposer: Any) -> None:
    def define(question: dict[str, Any]) -> Definition:
        given = {"column": one.column, "unit": one.unit, "direction": one.direction}
        return read_definition(question, product=product, actor=SYSTEM, now=timezone.now(), **given)

    metric = actions.create_metric(
        define(one.change.before if one.change else one.question),
        product=product, name=one.name, description=one.words, tags=one.tags, actor=owner or SYSTEM,
    )  # fmt: skip
    if one.is_certified and metric.owner_id:
        actions.certify_metric(metric, actor=SYSTEM)
    if one.change and metric.owner_id:
        proposal = actions.propose_version(metric, define(one.question), actor=proposer, reason=one.change.reason)
        actions.approve_version(proposal, actor=metric.owner, decision=one.change.decision)
        _date_back(metric, one.change.weeks_ago)


def _date_back(metric: Metric, weeks: int) -> None:
    """Have the versions say that the metric is half a year older than its change."""
    proposed_at = timezone.now() - timedelta(weeks=weeks)
    first, second = metric.versions.order_by("pk")
    metric.versions.filter(pk=first.pk).update(created_at=proposed_at - timedelta(weeks=26))
    decided_at = proposed_at + timedelta(hours=26)
    metric.versions.filter(pk=second.pk).update(created_at=proposed_at, decided_at=decided_at)


def _propose(metric: Metric, proposer: Any) -> None:
    if metric.versions.exclude(state=MetricVersion.State.CURRENT).exists():
        return
    question = _trend("error shown")
    definition = read_definition(
        question, product=metric.product, actor=SYSTEM, now=timezone.now(), unit="people", direction="down"
    )
    actions.propose_version(metric, definition, actor=proposer, reason=_WHY)


def renew_metrics(world: DemoWorld, progress: Progress) -> None:
    """Compute the demo's values anew once all of its events are there: what came late restates the past."""
    versions = MetricVersion.objects.select_related("metric").filter(
        state__in=(MetricVersion.State.CURRENT, MetricVersion.State.PROPOSED), metric__product__slug=PLANNER.slug
    )
    refresh_versions(versions.order_by("metric_id", "pk"), timezone.now(), progress=progress)
