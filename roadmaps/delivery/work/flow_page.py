"""The page of flow in one read: the product, what the filters keep, and what is drawn of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count

from insights.explore.public import ChartView
from portal.people.public import Product, can, get_current_product, get_product
from roadmaps.delivery.work.charts import draw_cycle_times, draw_throughput
from roadmaps.delivery.work.contracts import Week
from roadmaps.delivery.work.models import Tracker, WorkItem
from roadmaps.delivery.work.queries import Flow, items_of_product, local_today, read_flow

WINDOWS = {"13": "13 weeks", "26": "26 weeks", "52": "52 weeks", "104": "104 weeks"}
_MOST_KINDS = 30
COLUMNS = {
    "week": lambda week: week.starts_on,
    "finished": lambda week: week.n_done,
}


@dataclass(frozen=True)
class FlowPage:
    """A product's flow as its page shows it."""

    products: list[Product]
    product: Product | None
    trackers: list[Tracker]
    tracker: Tracker | None
    kinds: list[str]
    kind: str
    window: str
    flow: Flow | None
    throughput: ChartView | None
    cycle_times: ChartView | None
    may_make: bool

    @property
    def weeks(self) -> list[Week]:
        """Return the weeks, as a file holds them."""
        return self.flow.weeks if self.flow else []

    @property
    def windows(self) -> dict[str, str]:
        """Return the spans of time that can be chosen."""
        return WINDOWS


def read_flow_page(user: Any, asked: Any, request: Any) -> FlowPage:
    """Return the page that the address names: ?product=, tracker=, kind=, weeks=."""
    product = _product(user, asked, request)
    window = asked.get("weeks", "") if asked.get("weeks") in WINDOWS else "26"
    trackers = list(Tracker.objects.visible_to(user).filter(product=product).order_by("name")) if product else []
    tracker = next((one for one in trackers if str(one.pk) == asked.get("tracker")), None)
    items = items_of_product(user, product) if product else WorkItem.objects.none()
    if tracker is not None:
        items = items.filter(tracker=tracker)
    kinds = _kinds(items) if trackers else []
    kind = asked.get("kind", "") if asked.get("kind") in kinds else ""
    if kind:
        items = items.filter(kind=kind)
    flow = read_flow(items, today=local_today(), n_weeks=int(window)) if trackers else None
    has_items = flow is not None and bool(kinds or flow.n_left or flow.weeks)
    return FlowPage(
        products=user.visible_products,
        product=product,
        trackers=trackers,
        tracker=tracker,
        kinds=[one for one in kinds if one],
        kind=kind,
        window=window,
        flow=flow if has_items else None,
        throughput=draw_throughput(flow.weeks, caption=_caption(flow, window)) if flow and has_items else None,
        cycle_times=draw_cycle_times(flow.done, flow.times, caption=_times_caption(flow))
        if flow and has_items
        else None,
        may_make=can(user, "trackers.edit", product) if product else can(user, "trackers.edit"),
    )


def _product(user: Any, asked: Any, request: Any) -> Product | None:
    if slug := asked.get("product"):
        return get_product(user, slug)
    products = user.visible_products
    own = get_current_product(user)
    if own is None:
        with_work = set(Tracker.objects.visible_to(user).values_list("product_id", flat=True))
        own = next((one for one in products if one.pk in with_work), None)
    return own or next(iter(products), None)


def _kinds(items: Any) -> list[str]:
    rows = items.order_by().values("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    return [row["kind"] for row in rows[:_MOST_KINDS]]


def _caption(flow: Flow, window: str) -> str:
    if not flow.weeks:
        return "No whole week yet"
    last = flow.weeks[-1].starts_on + timedelta(days=6)
    return f"{flow.weeks[0].starts_on:%-d %b %Y} to {last:%-d %b %Y}, whole weeks · {flow.per_week:.1f} items a week"


def _times_caption(flow: Flow) -> str:
    return f"finished since {flow.since:%-d %b %Y} · {flow.times.n:,} items with a known start"
