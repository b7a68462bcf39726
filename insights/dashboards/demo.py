"""Three dashboards of the demo company: product health, onboarding, adoption."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from insights.capture.demo.world import ONBOARDING, PLANNER, released_on
from insights.dashboards import actions
from insights.dashboards.models import Annotation, Dashboard, HomeDashboard
from insights.metrics.public import Metric
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

_HEALTH_NOTE = """\
**What we look at on Mondays.** Weekly active people should follow the season and grow slowly; errors should stay a \
quiet line at the bottom. If a number surprises you, open it: *Why this number* says what was counted.
"""
_ONBOARDING_NOTE = """\
**The weak step is inviting a teammate.** People who plan alone rarely stay: compare retention below for those who \
invited somebody in their first weeks. Ideas and interviews about it are welcome with the Growth team.
"""
_ADOPTION_NOTE = """\
**Release 4.2 brought the timeline.** We expected it to replace part of the reports, not to add clicks. Watch the \
two lines together, and which plan sizes took it up first.
"""


@dataclass(frozen=True)
class _Tile:
    title: str
    chart: str
    w: int
    h: int
    question: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    keeps_own_dates: bool = False
    metric: str = ""


def _trend(event: str | None, measure: str = "persons", interval: str = "day", **more: Any) -> dict[str, Any]:
    spec = {"event": event, "measure": measure, **({"property": more.pop("property")} if "property" in more else {})}
    return {"kind": "trend", "series": [spec], "interval": interval, **more}


def _retention(target: str, returning: str | None = None) -> dict[str, Any]:
    return {
        "kind": "retention",
        "target": {"event": target},
        "returning": {"event": returning},
        "mode": "first_time",
        "interval": "week",
        "intervals": 9,
    }


def _funnel(*events: str, days: int = 14) -> dict[str, Any]:
    window = {"value": days, "unit": "day"}
    return {"kind": "funnel", "steps": [{"event": event} for event in events], "window": window}


def _lines(*series: dict[str, Any], interval: str = "week") -> dict[str, Any]:
    return {"kind": "trend", "series": list(series), "interval": interval}


def _lifecycle() -> dict[str, Any]:
    return {"kind": "lifecycle", "event": {"event": None}, "interval": "week"}


def _stickiness(event: str | None) -> dict[str, Any]:
    return {"kind": "stickiness", "series": [{"event": event}], "interval": "day"}


def _health() -> list[_Tile]:
    two = [{"event": "task created", "measure": "persons"}, {"event": "report opened", "measure": "persons"}]
    speed = [{"event": "report opened", "measure": name, "property": "load_ms"} for name in ("median", "p95")]
    accounts = {**_trend(None, "persons", "week"), "unit": "account"}
    return [
        _Tile("", "", 12, 1, text=_HEALTH_NOTE),
        _Tile("Weekly active people", "number", 3, 2, _trend(None, "weekly_active")),
        _Tile("Active accounts, by week", "number", 3, 2, accounts),
        _Tile("New people, by week", "number", 3, 2, _trend("signed up", "first_time", "week")),
        _Tile("", "number", 3, 2, metric="Errors shown"),
        _Tile("Weekly active people", "line", 8, 4, _trend(None, "weekly_active")),
        _Tile("Who stays, comes back and goes", "bar", 4, 4, _lifecycle()),
        _Tile("People who plan and people who read reports", "line", 6, 4, _lines(*two)),
        _Tile("How fast reports open: median and slowest 5 % (ms)", "line", 6, 4, _lines(*speed, interval="day")),
        _Tile("Errors shown", "bar", 6, 4, _trend("error shown", "total")),
        _Tile("On how many days people come", "bar", 6, 4, _stickiness(None)),
    ]  # fmt: skip


def _onboarding() -> list[_Tile]:
    signed_up, *_, invited = ONBOARDING
    upgraded = "subscription upgraded"
    return [
        _Tile("", "", 12, 1, text=_ONBOARDING_NOTE),
        _Tile("", "number", 3, 2, metric="New people"),
        _Tile("First plan, by week", "number", 3, 2, _trend("plan created", "first_time", "week")),
        _Tile("First invitation, by week", "number", 3, 2, _trend(invited, "first_time", "week")),
        _Tile("", "number", 3, 2, metric="Activation"),
        _Tile("From sign-up to a team that plans", "funnel", 7, 5, _funnel(*ONBOARDING)),
        _Tile("New people, by week", "line", 5, 5, _trend(signed_up, "first_time", "week")),
        _Tile("Do those who signed up come back?", "heatmap", 6, 5, _retention(signed_up)),
        _Tile("Do those who invited a teammate come back?", "heatmap", 6, 5, _retention(invited)),
        _Tile("From invitation to upgrade, within 30 days", "funnel", 6, 4, _funnel(invited, upgraded, days=30)),
        _Tile("Revenue from upgrades (euros a month)", "bar", 6, 4, _trend(upgraded, "sum", "week", property="amount")),
    ]  # fmt: skip


def _adoption() -> list[_Tile]:
    timeline, report = "timeline opened", "report opened"
    features = [{"event": name, "measure": "persons"} for name in (timeline, report, "search used", "comment added")]
    spread = [{"event": name, "measure": "total"} for name in ("plan shared", "comment added")]
    return [
        _Tile("", "", 12, 1, text=_ADOPTION_NOTE),
        _Tile("People on the timeline, by week", "number", 4, 2, _trend(timeline, "persons", "week")),
        _Tile("People who opened a report, by week", "number", 4, 2, _trend(report, "persons", "week")),
        _Tile("Integrations connected, by week", "number", 4, 2, _trend("integration connected", "total", "week")),
        _Tile("People who use each feature, by week", "line", 12, 4, _lines(*features)),
        _Tile("Do those who try the timeline go on using it?", "heatmap", 6, 5, _retention(timeline, timeline)),
        _Tile("From opening a report to exporting it", "funnel", 6, 5, _funnel(report, "report exported", days=1)),
        _Tile("On how many days people use the timeline", "bar", 6, 4, _stickiness(timeline)),
        _Tile("Plans shared, and comments", "line", 6, 4, _lines(*spread)),
    ]


_BOARDS = (
    ("Product health", "Is Planner used, by whom, and does it work?", "-90d", _health),
    ("Onboarding", "Where do new people stop on the way to a team that plans?", "-12w", _onboarding),
    ("Adoption", "Do people take up what we ship, and keep using it?", "-26w", _adoption),
)


def seed_dashboards(world: DemoWorld, progress: Progress) -> None:
    """Make the demo's dashboards and annotations; what is there already is left as it is."""
    product = Product.objects.filter(slug=PLANNER.slug).first()
    if product is None:
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    for number, (title, purpose, date_from, tiles) in enumerate(_BOARDS, start=1):
        if not Dashboard.objects.filter(product=product, title=title).exists():
            _make(product, owner, title, purpose, date_from, tiles())
        progress(number, len(_BOARDS))
    _annotate(product, world.ends_on)
    _put_on_home(product, world.users)


def _make(product: Product, owner: User | None, title: str, purpose: str, date_from: str, tiles: list[_Tile]) -> None:
    dashboard = actions.create_dashboard(
        actor=SYSTEM, product=product, title=title, purpose=purpose, owner=owner, date_from=date_from
    )
    for tile in tiles:
        size = {"w": tile.w, "h": tile.h}
        if tile.text:
            actions.add_tile(dashboard, actor=SYSTEM, kind="text", text=tile.text, **size)
        elif tile.metric:
            metric = Metric.objects.filter(product=product, name=tile.metric).first()
            if metric:
                actions.add_tile(dashboard, actor=SYSTEM, kind="metric", metric=metric, chart=tile.chart, **size)
        else:
            actions.add_tile(
                dashboard, actor=SYSTEM, title=tile.title, question=tile.question, chart=tile.chart, **size
            )


def _put_on_home(product: Product, users: dict[str, User]) -> None:
    health = Dashboard.objects.get(product=product, title=_BOARDS[0][0])
    for role in ("viewer", "product_manager"):
        user = users.get(role)
        if user and not HomeDashboard.objects.filter(user=user).exists():
            actions.set_home(health, actor=user)


def _annotate(product: Product, end_on: date) -> None:
    """Note the release; what the outage was is said by who resolves its incident, in the alerts room."""
    text = "Release 4.2: the timeline"
    if not Annotation.objects.filter(product=product, text=text).exists():
        actions.create_annotation(actor=SYSTEM, product=product, text=text, starts_on=released_on(end_on))
