"""What a public link opens: a dashboard's stored numbers, and nothing that leads further.

No question is asked for it. Left out are people, filters' values, SQL, names of owners, annotations and links;
e-mail addresses and telephone numbers are masked wherever they stand.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.safestring import SafeString

from insights.dashboards.access import get_dashboard
from insights.dashboards.answers import own_scope, stored_answers, tile_questions
from insights.dashboards.models import Tile, TileAnswer
from insights.dashboards.queries import freshness_of, may_read, visible_slugs
from insights.dashboards.scope import answer_key
from insights.dashboards.texts import render_text
from insights.events.public import Source, data_version
from insights.explore.public import ChartView, build_chart_view
from insights.questions.public import QUESTION_KINDS, reads_personal
from insights.questions.words import say_period
from insights.sharing.models import ClosedProduct, PublicLink
from portal.people.public import ANYBODY, can, can_see
from portal.shell.public import NotFound, hash_token, mask, mask_values

_NOT_SHOWN = "This tile is not shown here."
_NOT_YET = "This tile has no numbers yet."


@dataclass(frozen=True)
class PublicTile:
    """A tile of a public link: a text, a chart, or a sentence in its place."""

    tile: Tile
    title: str
    html: SafeString | str = ""
    chart: ChartView | None = None
    sentence: str = ""
    is_old: bool = False


@dataclass(frozen=True)
class PublicBoard:
    """A dashboard as whoever has the link sees it."""

    title: str
    purpose: str
    range_words: str
    tiles: list[PublicTile]
    data_until: datetime | None
    computed_at: datetime | None


def why_dead(link: PublicLink) -> str:
    """Return in a sentence why a link opens nothing, "" where it works. Only for those who manage it."""
    if not settings.PUBLIC_LINKS:
        return "Public links are switched off in this portal."
    if link.state != "works":
        return f"It is {link.state}."
    maker = link.created_by
    if maker is None or not maker.is_active:
        return "Who made it has left, so it works no more. Make a new one."
    if not can(maker, "dashboards.edit", link.dashboard):
        return f"{maker}, who made it, may not edit the dashboard any more. Make a new one."
    if link.dashboard.is_archived:
        return "Its dashboard is archived."
    if ClosedProduct.objects.filter(product=link.dashboard.product_id).exists():
        return f"{link.dashboard.product} is closed to public links."
    return ""


def find_link(token: str) -> PublicLink:
    """Return the link that a secret opens. Unknown, expired, revoked and switched off are one answer: NotFound."""
    links = PublicLink.objects.select_related("dashboard__product", "dashboard__team", "created_by")
    # Looked up by a hash that a guesser cannot steer: what the index's time tells is of no use.
    link = links.filter(token_hash=hash_token(token)).first()
    if link is None or why_dead(link):
        raise NotFound()
    return link


def note_opening(link: PublicLink, now: datetime) -> None:
    """Count one opening."""
    PublicLink.objects.filter(pk=link.pk).update(n_openings=F("n_openings") + 1, last_opened_at=now)


def build_public_board(link: PublicLink, now: datetime) -> PublicBoard:
    """Return what a link shows: the dashboard under its own range, as the stored answers have it."""
    dashboard = get_dashboard(link.created_by, link.dashboard.slug)
    scope = own_scope(dashboard)
    tiles = list(dashboard.tiles.live().with_questions())
    questions = tile_questions(tiles, scope, now)
    allowed = _allowed(tiles, questions, link.created_by)
    answers = stored_answers(questions[pk] for pk in allowed)
    version = data_version()
    shown = []
    for tile in tiles:
        if tile.pk not in questions:
            html = render_text(mask(tile.text), has_links=False)
            shown.append(PublicTile(tile, mask(tile.title), html=html))
        elif tile.pk not in allowed:
            shown.append(PublicTile(tile, "", sentence=_NOT_SHOWN))
        else:
            shown.append(_show(tile, answers.get(answer_key(questions[tile.pk])), version, now))
    used = [answers[key] for pk in allowed if (key := answer_key(questions[pk])) in answers]
    return PublicBoard(
        title=mask(dashboard.title),
        purpose=mask(dashboard.purpose),
        range_words=say_period({"date_from": scope.date_from, "date_to": scope.date_to}) if scope.date_from else "",
        tiles=shown,
        data_until=min((one.data_until for one in used if one.data_until), default=None),
        computed_at=min((one.computed_at for one in used if one.computed_at), default=None),
    )


def _allowed(tiles: list[Tile], questions: dict[int, dict[str, Any]], maker: Any) -> list[int]:
    """Return the tiles that read nothing personal, of products that are open and that the link's maker still sees."""
    products, sources = visible_slugs(maker, questions.values())
    closed = set(ClosedProduct.objects.values_list("product__slug", flat=True))
    if closed and sources:
        sources -= set(Source.objects.filter(product__slug__in=closed).values_list("slug", flat=True))
    personal = reads_personal(list(questions.values()), ANYBODY)
    hidden = {tile.pk for tile in tiles if tile.metric_id and not can_see(maker, tile.metric)}
    return [
        pk
        for (pk, question), is_personal in zip(questions.items(), personal, strict=True)
        if pk not in hidden and not is_personal and may_read(question, products - closed, sources)
    ]


def _show(tile: Tile, stored: TileAnswer | None, version: int, now: datetime) -> PublicTile:
    title = mask(tile.title or _plain_title(tile))
    if stored is None or stored.answer is None:
        return PublicTile(tile, title, sentence=_NOT_YET)
    # A property that nobody called personal can hold addresses still.
    chart = build_chart_view(mask_values(stored.answer), tile.chart, key=f"tile-{tile.pk}", title=title, size="small")
    return PublicTile(
        tile,
        title,
        chart=replace(chart, facts=[], about=[], notes=[], source_line=_say_source(stored)),
        is_old=freshness_of(stored, version, now).state != "fresh",
    )


def _plain_title(tile: Tile) -> str:
    """Return the title of a tile without one: what it shows by name, else its kind, which tells no filter."""
    if tile.insight_id or tile.metric_id:
        return str(tile)
    kind = QUESTION_KINDS.get((tile.question or {}).get("kind", ""))
    return kind.title if kind else "Numbers"


def _say_source(stored: TileAnswer) -> str:
    until = f"data to {stored.data_until:%-d %b %Y, %H:%M} UTC · " if stored.data_until else ""
    return f"{until}computed {stored.computed_at:%-d %b %Y, %H:%M} UTC" if stored.computed_at else until
