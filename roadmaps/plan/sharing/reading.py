"""What a link shows. Pages and JSON get `ShownRoadmap` and nothing else, so that no template can tell more."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F

from insights.sharing.public import ClosedProduct
from insights.voice.themes.public import Theme
from portal.people.public import ANYBODY, Product, Visibility, can
from portal.shell.public import NotFound, hash_token, mask
from roadmaps.delivery.forecasts.public import newest_forecasts
from roadmaps.plan.board.cards import Card, make_cards
from roadmaps.plan.board.rows import dress, rows_of
from roadmaps.plan.board.spans import Window, add_months, window_of
from roadmaps.plan.board.state import HEALTHS, HORIZONS
from roadmaps.plan.sharing.contracts import FIELDS, Cell, Place, Shown, ShownRoadmap, views_of
from roadmaps.plan.sharing.models import RoadmapLink
from roadmaps.planning.initiatives.public import Initiative, Stage
from roadmaps.planning.opportunities.public import Evidence, Opportunity
from roadmaps.planning.releases.public import Release

MOST = 500


def why_dead(link: RoadmapLink) -> str:
    """Return in a sentence why a link opens nothing, "" where it works. Only for those who manage it."""
    if not settings.PUBLIC_LINKS and not link.needs_login:
        return "Links that open without signing in are switched off in this portal."
    if link.state != "works":
        return f"It is {link.state}."
    maker = link.created_by
    if maker is None or not maker.is_active:
        return "Who made it has left, so it works no more. Make a new one."
    if not can(maker, "roadmap_links.edit", link.product):
        return f"{maker}, who made it, may not share this roadmap any more. Make a new one."
    return why_closed(link.product)


def why_closed(product: Product) -> str:
    """Return in a sentence why a product's roadmap is shown by no link, "" where it may be."""
    if product.visibility == Visibility.TEAM:
        return f"{product} is for its team alone."
    closed = ClosedProduct.objects.filter(product=product).first()
    return f"{product} is closed to public links: {closed.reason}" if closed else ""


def find_link(token: str) -> RoadmapLink:
    """Return the link that a secret opens. Unknown, expired, revoked and orphaned are one answer: NotFound."""
    links = RoadmapLink.objects.select_related("product__team", "created_by")
    link = links.filter(token_hash=hash_token(token)).first()
    if link is None or why_dead(link):
        raise NotFound()
    return link


def note_opening(link: RoadmapLink, now: datetime) -> None:
    """Count one opening; of who opened it nothing is kept."""
    RoadmapLink.objects.filter(pk=link.pk).update(n_openings=F("n_openings") + 1, last_opened_at=now)


def rows_for(link: RoadmapLink) -> Any:
    """Return what a link may show: what its maker sees and everybody in the company may, and is not dropped."""
    rows = rows_of(link.roadmap_state, link.created_by).filter(product=link.product_id)
    return rows.filter(visibility=Visibility.COMPANY).exclude(stage=Stage.DROPPED)


def count_hidden(link: RoadmapLink) -> int:
    """Return how many initiatives fit a link's filters and are for their team alone."""
    rows = rows_of(link.roadmap_state, link.created_by).filter(product=link.product_id)
    return int(rows.filter(visibility=Visibility.TEAM).count())


def build_shown(link: RoadmapLink, today: date, view: str = "") -> ShownRoadmap:
    """Return what a link shows on a day, in the asked view where its fields allow it; constant in queries."""
    views = views_of(link.fields)
    view = view if view in views else link.view if link.view in views else "list"
    state, rows = link.roadmap_state, rows_for(link)
    found = list(dress(rows, state).order_by("position", "no")[: MOST + 1])
    n_more = rows.count() - MOST if len(found) > MOST else 0
    cards = make_cards(found[:MOST], state, ANYBODY, today)
    names = [name for name in FIELDS if name in link.fields]
    read = _readers(cards, names, link.created_by)
    items = [_show(card, names, read) for card in cards]
    shown = ShownRoadmap(
        heading=mask(link.heading),
        view=view,
        views=tuple(views),
        labels=tuple(FIELDS[name].label for name in names),
        items=tuple(items),
        n_more=n_more,
    )
    if view == "board":
        return replace(shown, places=_columns(cards, items))
    return _on_timeline(shown, cards, is_exact="days" in names, today=today) if view == "timeline" else shown


def _show(card: Card, names: list[str], read: dict[str, Callable[[Card], str]]) -> Shown:
    return Shown(mask(card.title), tuple(Cell(name, FIELDS[name].label, read[name](card)) for name in names))


def _columns(cards: list[Card], items: list[Shown]) -> tuple[Place, ...]:
    pairs = list(zip(cards, items, strict=True))
    return tuple(
        Place(label, tuple(item for card, item in pairs if card.horizon == horizon))
        for horizon, label in HORIZONS.items()
    )


def _on_timeline(shown: ShownRoadmap, cards: list[Card], *, is_exact: bool, today: date) -> ShownRoadmap:
    """Return it with bars: of whole quarters, unless days are among the fields."""
    window = window_of("quarter", window_of("quarter", today).moved(-1))
    bars, off = [], []
    for card, item in zip(cards, shown.items, strict=True):
        bar = _bar(card, item, window, is_exact)
        (off if bar is None else bars).append(bar or item)
    heads = tuple(Place(column.label, x=column.x) for column in window.columns(today))
    return replace(shown, items=tuple(bars), off=tuple(off), places=heads)


def _bar(card: Card, item: Shown, window: Window, is_exact: bool) -> Shown | None:
    starts_on, ends_on = card.starts_on or card.ends_on, card.ends_on or card.starts_on
    if starts_on is None or ends_on is None:
        return None
    if is_exact:
        span = window.span(starts_on, ends_on)
        return replace(item, x=span.x, width=span.width) if span else None
    first, end = _quarter(starts_on), add_months(_quarter(ends_on), 3)
    first, end = max(first, window.first), min(end, window.end)
    if first >= end:
        return None
    from_x, to_x = window.at(first) or 0.0, 100.0 if end == window.end else window.at(end) or 0.0
    return replace(item, x=from_x, width=round(to_x - from_x, 3))


def _quarter(day: date) -> date:
    """Return the first day of the quarter of a day."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def say_quarters(first: date | None, last: date | None) -> str:
    """Return the quarters from one day to another, "" where there is none.

    >>> say_quarters(date(2026, 2, 9), date(2026, 7, 1)), say_quarters(None, date(2026, 2, 9))
    ('Q1 to Q3 2026', 'Q1 2026')
    """
    first, last = first or last, last or first
    if first is None or last is None:
        return ""
    begin, end = (f"Q{(day.month + 2) // 3}" for day in (first, last))
    if first.year != last.year:
        return f"{begin} {first.year} to {end} {last.year}"
    return f"{begin} {last.year}" if begin == end else f"{begin} to {end} {last.year}"


def _readers(cards: list[Card], names: list[str], maker: Any) -> dict[str, Callable[[Card], str]]:
    """Return how each chosen field is read; what is not chosen is not even asked of the database."""
    read: dict[str, Callable[[Card], str]] = {
        "horizon": lambda card: card.horizon_label,
        "quarter": lambda card: say_quarters(card.starts_on, card.ends_on),
        "days": lambda card: card.dates,
        "stage": lambda card: card.stage_label,
        "goal": lambda card: mask(card.goal.title) if _is_for_all(card.goal) else "",
        "team": lambda card: str(card.team),
        "owner": lambda card: mask(str(card.owner or "")),
        "health": lambda card: "" if card.health.tone == "unknown" else HEALTHS[card.health.tone],
    }
    numbers = [card.no for card in cards]
    for name, many in (("theme", _themes), ("opportunity", _opportunities), ("release", _releases)):
        if name in names:
            read[name] = _joined(many(numbers, maker))
    if "forecast" in names:
        known = newest_forecasts(numbers)
        read["forecast"] = lambda card: _say_forecast(known.get(card.no))
    return read


def _is_for_all(thing: Any) -> bool:
    return thing is not None and thing.visibility == Visibility.COMPANY


def _joined(pairs: Iterable[tuple[int, str]]) -> Callable[[Card], str]:
    found: dict[int, list[str]] = defaultdict(list)
    for number, words in pairs:
        if (said := mask(words)) not in found[number]:
            found[number].append(said)
    return lambda card: ", ".join(found.get(card.no, ()))


def _open_opportunities(maker: Any) -> Any:
    seen = Opportunity.objects.visible_to(maker).filter(visibility=Visibility.COMPANY)
    return seen.exclude(state=Opportunity.State.DROPPED).order_by()


def _opportunities(numbers: list[int], maker: Any) -> Iterable[tuple[int, str]]:
    rows = Initiative.opportunities.through.objects.filter(
        initiative__in=numbers, opportunity__in=_open_opportunities(maker).values("pk")
    )
    return rows.order_by("opportunity__title", "pk").values_list("initiative_id", "opportunity__title")


def _themes(numbers: list[int], maker: Any) -> Iterable[tuple[int, str]]:
    """Return the live themes that the opportunities of initiatives rest on, by name."""
    proof = Evidence.objects.filter(kind="theme", opportunity__in=_open_opportunities(maker).values("pk"))
    pairs = list(proof.filter(opportunity__initiatives__in=numbers).values_list("opportunity__initiatives", "thing_id"))
    seen = Theme.objects.visible_to(maker).live().filter(visibility=Visibility.COMPANY)
    called = dict(seen.filter(pk__in={theme for _, theme in pairs}).values_list("pk", "name"))
    return sorted((number, called[theme]) for number, theme in pairs if theme in called)


def _releases(numbers: list[int], maker: Any) -> Iterable[tuple[int, str]]:
    seen = Release.objects.visible_to(maker).filter(visibility=Visibility.COMPANY)
    seen = seen.exclude(state=Release.State.CANCELLED).filter(initiatives__in=numbers)
    return seen.order_by("planned_on", "pk").values_list("initiatives", "name")


def _say_forecast(dates: Any) -> str:
    if dates is None or dates.p50 is None:
        return ""
    likely, safe = (say_quarters(day, day) for day in (dates.p50, dates.p85))
    if likely == safe:
        return f"{safe} (85 %)"
    return f"{likely} (even chance), {safe} (85 %)" if safe else f"{likely} (even chance)"
