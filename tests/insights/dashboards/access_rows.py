"""Who may open the addresses of dashboards, tiles and annotations."""

import json

from insights.dashboards import actions
from portal.people.public import SYSTEM
from tests.house.access_table import Row, signed_in

TREND = {"kind": "trend", "series": [{"event": "report opened"}]}


def _board(world):
    return actions.create_dashboard(actor=SYSTEM, product=world.product, title="Health")


def _slug(world):
    return {"slug": _board(world).slug}


def _tile(world):
    return {"tile_id": actions.add_tile(_board(world), actor=SYSTEM, question=TREND, title="People").pk}


def _tile_pk(world):
    return {"pk": _tile(world)["tile_id"]}


def _annotation(world):
    note = actions.create_annotation(actor=SYSTEM, product=world.product, text="Release", starts_on="2026-01-01")
    return {"annotation_id": note.pk}


def editors(status, *, else_=403, anonymous=302):
    """The team's product managers, ops and admins; others may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_, "outsider": else_}


POST_ONLY = [
    "dashboard-archive", "dashboard-restore", "dashboard-star", "dashboard-home", "dashboard-refresh",
    "dashboard-layout", "dashboard-keep",
]  # fmt: skip
TILE_POST_ONLY = ["tile-question", "tile-step", "tile-duplicate", "tile-delete", "tile-restore", "tile-refresh"]
QUERY = "?q=" + json.dumps(TREND)

ROWS = [
    Row("dashboards:dashboard-list", signed_in(200)),
    Row("dashboards:dashboard-create", editors(200)),
    Row("dashboards:dashboard-page", signed_in(200), _slug),
    Row("dashboards:dashboard-pulse", signed_in(200), _slug),
    Row("dashboards:dashboard-xlsx", signed_in(200), _slug),
    Row("dashboards:dashboard-edit", editors(200), _slug),
    *(Row(f"dashboards:{name}", signed_in(405), {"slug": "health"}) for name in POST_ONLY),
    Row("dashboards:dashboard-star", signed_in(302), _slug, method="post", data={"star": "on"}),
    Row("dashboards:dashboard-home", signed_in(302), _slug, method="post", data={"home": "on"}),
    Row("dashboards:dashboard-refresh", signed_in(302), _slug, method="post"),
    Row("dashboards:dashboard-archive", editors(302), _slug, method="post"),
    Row("dashboards:dashboard-restore", editors(302), _slug, method="post"),
    Row("dashboards:dashboard-layout", editors(400), _slug, method="post"),
    Row("dashboards:dashboard-keep", editors(302), _slug, method="post", data={"revision": "1"}),
    Row("dashboards:starter-create", signed_in(405)),
    Row("dashboards:starter-create", signed_in(400), method="post"),
    Row("dashboards:tile-add", editors(200), _slug),
    Row("dashboards:tile-create", signed_in(200), method="get", data={"q": json.dumps(TREND)}),
    Row("dashboards:tile-create", signed_in(400)),
    Row("dashboards:tile-page", signed_in(200), _tile),
    Row("dashboards:tile-csv", signed_in(404), _tile),
    Row("dashboards:tile-edit", editors(200), _tile),
    Row("dashboards:tile-explore", editors(302), _tile),
    Row("dashboards:tile-move", editors(200), _tile),
    *(Row(f"dashboards:{name}", signed_in(405), {"tile_id": 1}) for name in TILE_POST_ONLY),
    Row("dashboards:tile-step", editors(302), _tile, method="post", data={"direction": "down"}),
    Row("dashboards:tile-duplicate", editors(302), _tile, method="post"),
    Row("dashboards:tile-delete", editors(302), _tile, method="post"),
    Row("dashboards:tile-restore", editors(302), _tile, method="post"),
    Row("dashboards:tile-refresh", signed_in(302), _tile, method="post"),
    Row("dashboards:tile-question", editors(302), _tile, method="post", data={"q": json.dumps(TREND)}),
    Row("dashboards:annotation-list", signed_in(200), _slug),
    Row("dashboards:annotation-edit", editors(200), _annotation),
    Row("dashboards:annotation-delete", signed_in(405), {"annotation_id": 1}),
    Row("dashboards:annotation-delete", editors(302), _annotation, method="post"),
    Row("api:dashboard-list", signed_in(200, anonymous=401)),
    Row("api:dashboard-detail", signed_in(200, anonymous=401), _slug),
    Row("api:dashboard-detail", editors(204, anonymous=401), _slug, method="delete"),
    Row("api:dashboard-restore", editors(200, anonymous=401), _slug, method="post"),
    Row("api:dashboard-star", signed_in(200, anonymous=401), _slug, method="put"),
    Row("api:dashboard-home", signed_in(200, anonymous=401), _slug, method="put"),
    Row("api:dashboard-starter", signed_in(400, anonymous=401), method="post"),
    Row("api:dashboard-layout", editors(400, anonymous=401), _slug, method="post"),
    Row("api:dashboard-refresh", signed_in(202, anonymous=401), _slug, method="post"),
    Row("api:tile-list", signed_in(200, anonymous=401)),
    Row("api:tile-detail", signed_in(200, anonymous=401), _tile_pk),
    Row("api:tile-detail", editors(204, anonymous=401), _tile_pk, method="delete"),
    Row("api:tile-restore", editors(200, anonymous=401), _tile_pk, method="post"),
    Row("api:tile-duplicate", editors(201, anonymous=401), _tile_pk, method="post"),
    Row("api:tile-step", editors(200, anonymous=401), _tile_pk, method="post", data={"direction": "up"}),
    Row("api:tile-move", {**editors(404, anonymous=401)}, _tile_pk, method="post"),
    Row("api:tile-answer", signed_in(200, anonymous=401), _tile_pk),
    Row("api:annotation-list", signed_in(200, anonymous=401)),
    Row("api:annotation-detail", signed_in(404, anonymous=401), {"pk": 1}),
]
