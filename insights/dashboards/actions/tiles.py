"""Putting tiles on dashboards, changing, arranging, moving and removing them."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from insights.dashboards import layout
from insights.dashboards.actions.dashboards import changed_meanwhile
from insights.dashboards.contracts import Scope
from insights.dashboards.models import Dashboard, Tile
from insights.dashboards.scope import scoped_question
from insights.metrics.public import get_metric
from insights.questions.public import check_question
from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, refuse_unknown

_FIELDS = frozenset({"title", "question", "insight", "metric", "chart", "text", "keeps_own_dates"})
_SIZES = {"text": (12, 2), "number": (3, 2), "table": (6, 4), "retention": (6, 4), "sankey": (12, 6)}


def _with_question(dashboard: Dashboard, fields: dict[str, Any], actor: Any) -> dict[str, Any]:
    """Return a tile's fields, an insight's question and chart among them, if the actor may ask what the tile asks.

    The question is kept beside the insight, so that the tile outlives it. What the actor may not see is refused: it
    would be computed every night for a tile that shows them nothing.
    """
    metric = fields.get("metric")
    if metric is not None:
        get_metric(actor, metric.pk)
        return {"chart": "number", **fields}
    insight = fields.get("insight")
    if insight is not None and "question" not in fields:
        own = scoped_question(insight.question, Scope(), product=insight.product.slug)
        fields = {"chart": insight.chart, **fields, "question": own}
    if fields.get("question") is not None:
        about = (insight or dashboard).product.slug
        asked = scoped_question(fields["question"], Scope(), product=about)
        try:
            check_question(asked, user=actor, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
        except BadInput as error:
            raise BadInput(fields={f"question.{path}": said for path, said in error.fields.items()}) from error
    return fields


def _locked(dashboard_id: int) -> Dashboard:
    # Every change of the grid takes the dashboard's row first, so two editors cannot interleave.
    return Dashboard.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=dashboard_id)


def _boxes(dashboard: Dashboard) -> list[layout.Box]:
    return [layout.Box(*row) for row in dashboard.tiles.live().values_list("pk", "x", "y", "w", "h")]


def _store(dashboard: Dashboard, boxes: list[layout.Box], actor: Any) -> dict[int, layout.Box]:
    """Write the boxes that differ; return them by id."""
    if boxes and max(box.bottom for box in boxes) > layout.MAX_ROWS:
        raise BadInput(f"A dashboard has at most {layout.MAX_ROWS} rows. Make tiles smaller or move some elsewhere.")
    old = {box.id: box for box in _boxes(dashboard)}
    changed = {box.id: box for box in boxes if old.get(box.id) != box}
    rows = [Tile(pk=box.id, x=box.x, y=box.y, w=box.w, h=box.h) for box in changed.values()]
    Tile.objects.bulk_update(rows, ["x", "y", "w", "h"])
    if changed:
        Dashboard.objects.filter(pk=dashboard.pk).update(
            layout_revision=F("layout_revision") + 1,
            changed_by=actor if actor.pk else None,
            updated_at=timezone.now(),
        )
    return changed


def _refuse_too_many(dashboard: Dashboard) -> None:
    if dashboard.tiles.live().count() >= layout.MAX_TILES:
        raise BadInput(
            f"A dashboard has at most {layout.MAX_TILES} tiles, so that it can be read. Make a second dashboard."
        )


@transaction.atomic
def add_tile(dashboard: Dashboard, *, actor: Any, kind: str = "question", w: int = 0, h: int = 0, **fields) -> Tile:
    """Put a tile into the first gap that is wide enough; without a size it gets one that suits its chart."""
    require(actor, "dashboards.edit", dashboard)
    fields = _with_question(dashboard, fields, actor)
    dashboard = _locked(dashboard.pk)
    _refuse_too_many(dashboard)
    usual = _SIZES.get(fields.get("chart") or kind, (6, 4))
    w, h = w or usual[0], h or usual[1]
    bottom = dashboard.tiles.live().aggregate(bottom=Max(F("y") + F("h")))["bottom"] or 0
    tile = Tile(dashboard=dashboard, kind=kind, x=0, y=bottom, w=w, h=h, **fields)
    tile.save()
    others = [box for box in _boxes(dashboard) if box.id != tile.pk]
    _store(dashboard, layout.place(others, tile.pk, w, h), actor)
    tile.refresh_from_db(fields=["x", "y", "w", "h"])
    record(actor, "tile.created", tile, after=state_of(tile))
    return tile


@transaction.atomic
def update_tile(tile: Tile, *, actor: Any, revision: int, **fields: Any) -> Tile:
    """Change what a tile shows, if nobody changed it since `revision`."""
    require(actor, "dashboards.edit", tile)
    refuse_unknown(fields, _FIELDS)
    fields = _with_question(tile.dashboard, fields, actor)
    _locked(tile.dashboard_id)
    current = Tile.objects.select_related("dashboard__changed_by", "insight").get(pk=tile.pk)
    if current.deleted_at:
        raise Conflict("This tile was deleted while you were at it. Restore it from the dashboard, then save again.")
    if current.revision != revision:
        raise changed_meanwhile(current.dashboard)
    if fields.keys() & ({"question", "insight"} if current.kind == Tile.Kind.METRIC else {"metric"}):
        raise BadInput(fields={"question": ["A tile stays a question or a metric. Add another tile instead."]})
    before = state_of(current)
    for name, value in fields.items():
        setattr(current, name, value)
    if "question" in fields and "insight" not in fields:
        current.insight = None  # a question of its own from now on
    current.revision = revision + 1
    current.save()
    Dashboard.objects.filter(pk=current.dashboard_id).update(
        changed_by=actor if actor.pk else None, updated_at=timezone.now()
    )
    record(actor, "tile.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def arrange_tiles(dashboard: Dashboard, *, actor: Any, revision: int, places: list[layout.Box]) -> Dashboard:
    """Store where tiles were dragged to, if nobody arranged them since `revision`.

    Tiles that came meanwhile keep their size and are put where there is room; places of tiles that are gone are
    passed over: adding and deleting by others is no conflict.
    """
    require(actor, "dashboards.edit", dashboard)
    current = _locked(dashboard.pk)
    if current.layout_revision != revision:
        raise changed_meanwhile(current)
    wanted = {box.id: box for box in places}
    boxes = [wanted.get(box.id, box) for box in _boxes(current)]
    before = {box.id: box for box in _boxes(current)}
    changed = _store(current, layout.compact(boxes), actor)
    if changed:
        record(
            actor,
            "dashboard.arranged",
            current,
            before={f"tile {id}": _place(before[id]) for id in changed},
            after={f"tile {id}": _place(box) for id, box in changed.items()},
        )
    current.refresh_from_db()
    return current


def _place(box: layout.Box) -> list[int]:
    return [box.x, box.y, box.w, box.h]


@transaction.atomic
def step_tile(tile: Tile, *, actor: Any, direction: str) -> Tile:
    """Move or resize a tile by one step; at the edge nothing changes."""
    if direction not in layout.DIRECTIONS:
        raise BadInput(fields={"direction": ["Say left, right, up, down, wider, narrower, taller or shorter."]})
    require(actor, "dashboards.edit", tile)
    dashboard = _locked(tile.dashboard_id)
    before = {box.id: box for box in _boxes(dashboard)}
    if tile.pk in before:
        changed = _store(dashboard, layout.step(list(before.values()), tile.pk, direction), actor)
        if tile.pk in changed:
            places = {"before": {"place": _place(before[tile.pk])}, "after": {"place": _place(changed[tile.pk])}}
            record(actor, "tile.moved", tile, note=direction, **places)
    tile.refresh_from_db(fields=["x", "y", "w", "h"])
    return tile


@transaction.atomic
def duplicate_tile(tile: Tile, *, actor: Any) -> Tile:
    """Put a copy of a tile on the same dashboard."""
    copied = {name: getattr(tile, name) for name in _FIELDS}
    copied["title"] = f"{tile.title} (copy)"[:120] if tile.title else ""
    return add_tile(tile.dashboard, actor=actor, kind=tile.kind, w=tile.w, h=tile.h, **copied)


@transaction.atomic
def move_tile(tile: Tile, dashboard: Dashboard, *, actor: Any) -> Tile:
    """Move a tile to another dashboard, into the first gap that is wide enough.

    A question that leaned on its old dashboard's product keeps asking about that product.
    """
    require(actor, "dashboards.edit", tile)
    require(actor, "dashboards.edit", dashboard)
    if tile.dashboard_id == dashboard.pk:
        return tile
    for pk in sorted({tile.dashboard_id, dashboard.pk}):  # one order for all, or two movers wait for each other
        _locked(pk)
    _refuse_too_many(dashboard)
    old = tile.dashboard
    before = state_of(tile)
    if not tile.insight_id and tile.question and not tile.question.get("products") and not tile.question.get("sources"):
        tile.question = {**tile.question, "products": [old.product.slug]}
    bottom = dashboard.tiles.live().aggregate(bottom=Max(F("y") + F("h")))["bottom"] or 0
    tile.dashboard, tile.x, tile.y = dashboard, 0, bottom
    tile.revision += 1
    tile.save()
    others = [box for box in _boxes(dashboard) if box.id != tile.pk]
    _store(dashboard, layout.place(others, tile.pk, tile.w, tile.h), actor)
    _store(old, layout.compact(_boxes(old)), actor)
    tile.refresh_from_db(fields=["x", "y", "w", "h"])
    record(actor, "tile.moved_to_another_dashboard", tile, before=before, after=state_of(tile))
    return tile


@transaction.atomic
def delete_tile(tile: Tile, *, actor: Any) -> bool:
    """Take a tile off its dashboard; it can be restored. Return False if it was gone already."""
    require(actor, "dashboards.edit", tile)
    dashboard = _locked(tile.dashboard_id)
    if not Tile.objects.live().filter(pk=tile.pk).update(deleted_at=timezone.now()):
        return False
    _store(dashboard, layout.compact(_boxes(dashboard)), actor)
    record(actor, "tile.deleted", tile, before=state_of(tile))
    return True


@transaction.atomic
def restore_tile(tile: Tile, *, actor: Any) -> Tile:
    """Put a deleted tile back where it was; what lies there makes way."""
    require(actor, "dashboards.edit", tile)
    dashboard = _locked(tile.dashboard_id)
    if Tile.objects.filter(pk=tile.pk, deleted_at__isnull=False).update(deleted_at=None):
        _store(dashboard, layout.compact(_boxes(dashboard), first=tile.pk), actor)
        record(actor, "tile.restored", tile)
    tile.refresh_from_db()
    return tile
