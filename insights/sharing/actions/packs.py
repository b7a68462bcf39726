"""Freezing a dashboard into a pack, and removing one."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from insights.dashboards.answers import own_scope, stored_answers, tile_questions
from insights.dashboards.contracts import Scope
from insights.dashboards.models import Dashboard, Tile, TileAnswer
from insights.dashboards.queries import may_read, visible_slugs
from insights.dashboards.scope import answer_key
from insights.events.public import data_version
from insights.explore.public import fixed_question
from insights.questions.public import parse_question, reads_personal
from insights.questions.words import say_day
from insights.sharing.models import Pack, PackTile
from portal.audit.public import record
from portal.operations.public import enqueue_on_commit
from portal.people.public import ANYBODY, can_see, require
from portal.shell.public import BadInput, mask_values

PERSONAL = "It reads personal data, which a pack does not keep: it would outlive the person's erasure."
_UNSEEN = "Its numbers come from a product that was not shared with who froze the dashboard."
_WITHOUT = "It had no answer yet when the dashboard was frozen."


@transaction.atomic
def freeze_dashboard(
    dashboard: Dashboard,
    *,
    actor: Any,
    name: str,
    held_on: date,
    note: str = "",
    scope: Scope | None = None,
    now: datetime | None = None,
) -> Pack:
    """Keep every tile's stored answer as it is, with the question, the data's version and the definition it has.

    `scope` is the range and filters that the freezer looks at; without it they are the dashboard's own.
    """
    require(actor, "packs.freeze", dashboard)
    if not name.strip():
        raise BadInput(fields={"name": ["Give the pack a name, such as “Board meeting, October”."]})
    scope = scope or own_scope(dashboard)
    now = now or timezone.now()
    # Read before the answers: what changes meanwhile is found by the first comparison.
    version = data_version()
    tiles = list(dashboard.tiles.live().with_questions())
    if not tiles:
        raise BadInput("An empty dashboard has nothing to freeze. Put a tile on it first.")
    filtered = {"products": [dashboard.product.slug], "filters": list(scope.filters)}
    pack = Pack.objects.create(
        name=name.strip(),
        dashboard=dashboard,
        product=dashboard.product,
        dashboard_title=dashboard.title,
        held_on=held_on,
        note=note.strip(),
        range_words=_say_range(scope, dashboard.product.slug, now),
        date_from=scope.date_from,
        date_to=scope.date_to,
        filters=[] if reads_personal([filtered], ANYBODY)[0] else list(scope.filters),
        data_version=version,
        frozen_at=now,
        frozen_by=actor if actor.pk else None,
    )
    PackTile.objects.bulk_create(_freeze_tiles(pack, tiles, scope, actor, now))
    record(actor, "pack.frozen", pack, after={"dashboard": dashboard.title, "held_on": held_on, "version": version})
    enqueue_on_commit("sharing.check_pack", pack_id=pack.pk)
    return pack


def _say_range(scope: Scope, product: str, now: datetime) -> str:
    """Return the days of a range, as they were at the freezing: “the 30 days to today” would be others later."""
    if not scope.date_from:
        return "each tile's own dates"
    value = {"kind": "trend", "products": [product], "series": [{"event": None}], "date_from": scope.date_from}
    value |= {"date_to": scope.date_to} if scope.date_to else {}
    period = parse_question(value, now=now, default_zone=settings.WORKSPACE_TIME_ZONE).period
    last = period.end - timedelta(microseconds=1)
    return f"{say_day(period.start.date().isoformat())} to {say_day(last.date().isoformat())}"


def _freeze_tiles(pack: Pack, tiles: list[Tile], scope: Scope, actor: Any, now: datetime) -> list[PackTile]:
    questions = tile_questions(tiles, scope, now)
    answers = stored_answers(questions.values())
    products, sources = visible_slugs(actor, questions.values(), [pack.product])
    personal = dict(zip(questions, reads_personal(list(questions.values()), ANYBODY), strict=True))
    frozen = []
    for place, tile in enumerate(tiles):
        row = PackTile(pack=pack, tile=tile, place=place, kind=tile.kind, title=str(tile), chart=tile.chart)
        question = questions.get(tile.pk)
        if question is None:
            row.title, row.text = tile.title, tile.text
        elif personal[tile.pk]:
            row.title, row.left_out = tile.title or "Not kept", PERSONAL
        elif not may_read(question, products, sources) or (tile.metric_id and not can_see(actor, tile.metric)):
            row.title, row.left_out = tile.title or "Not shared", _UNSEEN
        else:
            _keep_answer(row, tile, answers.get(answer_key(question)))
        frozen.append(row)
    return frozen


def _keep_answer(row: PackTile, tile: Tile, stored: TileAnswer | None) -> None:
    row.asks = tile.asks
    if tile.insight_id:
        row.source_of_question = f"insight “{tile.insight.title[:180]}”, version {tile.insight.version}"
    if tile.metric_id:
        row.source_of_question = f"metric “{tile.metric.name[:180]}”, version {tile.metric.current.number}"
    asked = _fixed(tile, stored)
    if not asked:
        row.left_out = stored.failure[:200] if stored and stored.failure else _WITHOUT
        return
    facts = {name: value for name, value in stored.answer["facts"].items() if name not in ("sql", "link")}
    # What is frozen outlives much: no address stays in it, whatever property it stood in.
    kept = mask_values({name: value for name, value in stored.answer.items() if name != "facts"})
    row.answer, row.asked, row.computed_at = {**kept, "facts": facts}, asked, stored.computed_at


def _fixed(tile: Tile, stored: TileAnswer | None) -> dict[str, Any]:
    """Return what asks for the same days whenever it is asked; {} where there is no answer to keep."""
    if stored is None or not stored.answer:
        return {}
    asked = fixed_question(stored.answer)
    if not tile.metric_id or not asked:
        return asked
    days = stored.answer["facts"]["range"]  # a metric's answer covers more than its question was last asked for
    return {**stored.question, "date_from": days["from"][:10], "date_to": days["to"][:10]}


@transaction.atomic
def remove_pack(pack: Pack, *, actor: Any, reason: str) -> None:
    """Remove a pack for good; the audit trail keeps what it was and why it went."""
    require(actor, "packs.remove", pack)
    if not reason.strip():
        raise BadInput(fields={"reason": ["Say why it goes: a pack is a record, and the trail keeps the reason."]})
    before = {"dashboard": pack.dashboard_title, "held_on": pack.held_on, "frozen_at": pack.frozen_at}
    record(actor, "pack.removed", pack, before=before, note=reason.strip()[:500])
    _let("portal.removes_pack", "yes")  # for this transaction alone, the trigger lets it go
    pack.delete()
    _let("portal.removes_pack", "")


def _let(what: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [what, value])
