"""A digest's sections about dashboards: their answers brought up to date, what changed most against its noise first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from insights.dashboards.answers import own_scope, tile_questions
from insights.dashboards.digests.moves import Move, moves_of
from insights.dashboards.models import Dashboard, Tile, TileAnswer
from insights.dashboards.queries import may_read, sees_metric, visible_slugs
from insights.dashboards.refreshing import bring_up_to_date
from insights.dashboards.scope import answer_key
from insights.explore.charts.captions import say_days
from insights.questions.public import reads_personal
from insights.questions.words import say_filters
from portal.messages.contracts import DigestPart
from portal.people.public import ANYBODY, Product, User
from portal.shell.public import DigestSection, registry

MOST_LINES, MOST_CHARTS = 10, 4
MOST_LINES_OF_A_PRODUCT, MOST_CHARTS_OF_A_PRODUCT = 6, 2
MOST_PRODUCTS = 8


@dataclass
class _Found:
    """What the tiles of one or more dashboards say."""

    moves: list[Move]
    answers: list[TileAnswer]
    problems: list[str]
    n_silent: int = 0
    n_hidden: int = 0


def compose_dashboard(dashboard: Dashboard, person: User, *, since: datetime, now: datetime) -> tuple[DigestPart, ...]:
    """Return the section about one dashboard, as this person may see it."""
    found = _read([dashboard], person, now)
    about = [{"products": [dashboard.product.slug], "filters": list(dashboard.filters)}]
    are_told = dashboard.filters and not reads_personal(about, ANYBODY)[0]
    first = next((answer for answer in found.answers if answer.answer), None)
    period = say_days(first.answer) if first and dashboard.date_from else "the range of each tile"
    part = _part(found, person, str(dashboard), dashboard.get_absolute_url(), MOST_LINES, MOST_CHARTS, period=period)
    filters = say_filters(dashboard.filters) if are_told else ("filters of the dashboard" if dashboard.filters else "")
    return (_with(part, filters=filters),)


def compose_products(
    products: list[Product], person: User, *, since: datetime, now: datetime
) -> tuple[DigestPart, ...]:
    """Return a section for each product with a dashboard, what moved most first, then what other rooms tell of them."""
    parts = []
    for product in products:
        boards = list(Dashboard.objects.visible_to(person).live().filter(product=product).select_related("product"))
        if not boards and len(products) > 1:
            continue
        found = _read(boards, person, now)
        url = f"{reverse('dashboards:dashboard-list')}?{urlencode({'product': product.slug})}"
        limits = (MOST_LINES_OF_A_PRODUCT, MOST_CHARTS_OF_A_PRODUCT)
        n_boards = f"{len(boards)} dashboard{'' if len(boards) == 1 else 's'}" if boards else "no dashboard yet"
        parts.append(_part(found, person, str(product), url, *limits, period=f"newest whole periods on {n_boards}"))
    parts.sort(key=lambda part: -max((line.weight for line in part.lines), default=0))
    for section in registry.all(DigestSection):
        parts += section.compose(products, person, since=since, now=now)
    return tuple(parts)


def find_dashboard(user: Any, slug: str) -> Dashboard | None:
    """Return a dashboard that this user may see and that is not archived."""
    return Dashboard.objects.visible_to(user).live().select_related("product").filter(slug=slug).first()


def offer_dashboards(user: Any) -> list[tuple[str, str]]:
    """Return the dashboards that a person may subscribe to."""
    return list(Dashboard.objects.visible_to(user).live().order_by("title", "pk").values_list("slug", "title")[:200])


def find_products(user: Any, thing_id: str) -> list[Product] | None:
    """Return the products of a person's teams; for somebody in no team those that they may see."""
    if thing_id:
        return None
    products = Product.objects.visible_to(user).order_by("name", "pk")
    mine = list(products.filter(team_id__in=user.team_ids)[:MOST_PRODUCTS])
    return mine or list(products[:MOST_PRODUCTS]) or None


def _read(boards: Iterable[Dashboard], person: User, now: datetime) -> _Found:
    tiles: dict[int, Tile] = {}
    asked: dict[int, dict[str, Any]] = {}
    for board in boards:
        questions = tile_questions(board.tiles.live().with_questions(), own_scope(board), now)
        tiles |= {tile.pk: tile for tile in board.tiles.live().with_questions()}
        asked |= questions
    readable, n_hidden = _readable(asked, tiles, person)
    weekly = {pk: by_week(question) for pk, question in readable.items() if _is_plain_funnel(question)}
    answers = bring_up_to_date([*readable.values(), *weekly.values()], now)
    found = _Found([], [], [], n_hidden=n_hidden)
    for pk, question in readable.items():
        more = answers.get(answer_key(weekly[pk])) if pk in weekly else None
        _say(found, tiles[pk], answers.get(answer_key(question)), more)
    return found


def _readable(asked: dict[int, dict], tiles: dict[int, Tile], person: User) -> tuple[dict[int, dict], int]:
    """Return the questions that this person may read and that read nothing personal, and how many are left out."""
    known = {tile.owner_of_question.product for tile in tiles.values()}
    products, sources = visible_slugs(person, asked.values(), known)
    personal = dict(zip(asked, reads_personal(list(asked.values()), ANYBODY), strict=True))
    readable = {
        pk: one
        for pk, one in asked.items()
        if not personal[pk] and may_read(one, products, sources) and sees_metric(person, tiles[pk])
    }
    return readable, len(asked) - len(readable)


def _is_plain_funnel(question: dict[str, Any]) -> bool:
    is_funnel = question.get("kind") == "funnel" and question.get("view", "steps") == "steps"
    return is_funnel and len(question.get("steps") or []) > 1


def by_week(question: dict[str, Any]) -> dict[str, Any]:
    """Return a funnel's question as conversion over its last twelve weeks, for a fair comparison of two of them."""
    left = {"breakdown", "compare", "view", "interval", "date_to", "attribution"}
    kept = {key: value for key, value in question.items() if key not in left}
    return {**kept, "view": "trend", "interval": "week", "date_from": "-12w"}


def _say(found: _Found, tile: Tile, answer: TileAnswer | None, more: TileAnswer | None) -> None:
    if answer is None or answer.answer is None:
        why = answer.failure if answer is not None and answer.failure else "It is computed for the first time."
        found.problems.append(f"“{tile}” could not be shown. {why}")
        return
    found.answers.append(answer)
    if answer.state == TileAnswer.State.FAILED:
        found.problems.append(f"“{tile}” shows its last good numbers. {answer.failure}")
    url = f"{reverse('dashboards:tile-page', args=[tile.pk])}"
    weekly = more.answer if more is not None and more.state == TileAnswer.State.OK else None
    moves = moves_of(answer.answer, title=str(tile), chart=tile.chart, url=url, key=answer.key, more=weekly)
    found.moves += moves
    found.n_silent += not moves


def _part(
    found: _Found, person: User, title: str, url: str, most_lines: int, most_charts: int, *, period: str
) -> DigestPart:
    different = list({move.key: move for move in reversed(found.moves)}.values())[::-1]
    moves = sorted(different, key=_by_news)
    charts: dict[tuple, Any] = {}
    for move in moves:
        if move.chart is not None and len(charts) < most_charts:
            charts.setdefault(move.key[0], move.chart)
    return DigestPart(
        title=title,
        url=url,
        period=period,
        zone=settings.WORKSPACE_TIME_ZONE,
        freshness=_freshness(found.answers, person),
        lines=tuple(move.line for move in moves[:most_lines]),
        charts=tuple(charts.values()),
        problems=tuple(found.problems[:5]),
        left_out=_left_out(len(moves) - most_lines, found),
    )


def _by_news(move: Move) -> tuple[int, float]:
    """Return the place of a line: what moved beyond its noise by how far, then what moved, then what cannot be said."""
    if move.line.is_notable:
        return 0, -move.line.weight
    return (1 if move.line.change else 2), 0.0


def _with(part: DigestPart, **fields: Any) -> DigestPart:
    from dataclasses import replace

    return replace(part, **fields)


def _freshness(answers: list[TileAnswer], person: User) -> str:
    zone = ZoneInfo(person.time_zone)

    def say(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%-d %b %Y, %H:%M}"

    ends = [answer.data_until for answer in answers if answer.data_until]
    made = [answer.computed_at for answer in answers if answer.computed_at]
    if not ends or not made:
        return "No data yet"
    return f"Data until {say(min(ends))}, computed {say(min(made))} ({person.time_zone})"


def _left_out(n_more: int, found: _Found) -> str:
    said = []
    if n_more > 0:
        said.append(f"{n_more} more number{'' if n_more == 1 else 's'}")
    if found.n_silent:
        said.append(f"{found.n_silent} tile{'' if found.n_silent == 1 else 's'} without two periods to compare")
    if found.n_hidden:
        said.append(f"{found.n_hidden} that read{'s' if found.n_hidden == 1 else ''} personal data or other products")
    return f"Not in this digest: {', '.join(said)}." if said else ""
