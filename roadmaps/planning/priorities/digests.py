"""Why orders moved, as sections of the digest about a person's products: each kept order is told once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from portal.messages.public import DigestLine, DigestPart
from portal.people.public import Product, Role
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.priorities.contracts import MoveShown
from roadmaps.planning.priorities.reading import models_in_use
from roadmaps.planning.priorities.showing import say_moves
from roadmaps.planning.scoring.public import RANKED_STAGES, OrderNews, news_of_orders, order_moved

MOST_LINES, MOST_MOVES = 6, 10_000
# A place has no noise of its own: it is news, and never so loud that it heads the mail.
_NEWS = 1.0


def compose_orders(products: Sequence[Product], person: Any, *, since: datetime, now: datetime) -> tuple[Any, ...]:
    """Return a section for each order that moved in the weeks that were kept since a moment; none where none did.

    It is for product managers: of the products that the digest is about, and of those in which they own an initiative.
    """
    if Role(person.role).rank < Role.PRODUCT_MANAGER.rank:
        return ()
    mine = Initiative.objects.filter(owner_id=person.pk, stage__in=RANKED_STAGES).order_by().values("product")
    own = Product.objects.visible_to(person).filter(pk__in=mine)
    wanted = {one.pk: one for one in (*products, *own.order_by("name", "pk"))}
    news = news_of_orders(models_in_use(person), list(wanted.values()), since)
    parts = (_part(one, person) for one in news)
    return tuple(part for part in parts if part is not None)


def _part(news: OrderNews, person: Any) -> DigestPart | None:
    found = order_moved(
        news.model, news.product, person, before=news.since + timedelta(days=1), until=news.until, most=MOST_MOVES
    )
    moves = say_moves(found) if found else []
    if not moves:
        return None
    days = {"since": news.since.isoformat(), "until": news.until.isoformat()}
    asked = urlencode({"model": news.model.slug, "product": news.product.slug, **days})
    n_more = len(moves) - MOST_LINES
    return DigestPart(
        title=f"{news.product}: the order by {news.model} moved",
        url=f"{reverse('priorities:moved')}?{asked}",
        period=f"{news.since:%-d %b} to {news.until:%-d %b %Y}",
        summary="1 initiative moved." if len(moves) == 1 else f"{len(moves)} initiatives moved.",
        lines=tuple(_line(one) for one in moves[:MOST_LINES]),
        left_out="" if n_more < 1 else f"{n_more} more moved",
    )


def _line(move: MoveShown) -> DigestLine:
    said = ", ".join([move.text, *move.because[:2]])
    place = "out" if move.rank is None else f"place {move.rank}"
    return DigestLine(move.title, place, said, weight=_NEWS, url=move.url)
