"""Who may open the addresses of imports."""

from insights.imports.actions import store_import
from insights.imports.models import Import
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import Row, from_role, insiders, signed_in

CSV = b"id,comment\n1,It is slow.\n"


def _draft(world):
    make_channel("other")
    batch = store_import("feedback", world.product, "tickets.csv", [CSV], actor=SYSTEM)
    Import.objects.filter(pk=batch.pk).update(mapping={"targets": {"comment": "text"}})
    return {"pk": batch.pk}


def _done(world):
    keys = _draft(world)
    Import.objects.filter(**keys).update(state="done", task="run", n_new=1)
    return keys


def _busy(world):
    keys = _draft(world)
    Import.objects.filter(**keys).update(state="waiting", task="check")
    return keys


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 404}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 404}

ROWS = [
    Row("imports:import-list", signed_in(200)),
    Row("imports:import-new", from_role("product_manager", 200, else_=403), {"kind": "feedback"}),
    Row("imports:import-new", signed_in(404), {"kind": "nothing"}),
    Row("imports:import-page", insiders(200), _done),
    Row("imports:import-map", EDITORS, _draft),
    Row("imports:import-problems", insiders(200), _done),
    Row("imports:import-undo", EDITORS, _done),
    Row("imports:import-second", {**from_role("product_manager", 422, else_=403), "outsider": 404}, _draft, "post"),
    Row("imports:import-run", POSTED, _draft, "post"),
    Row("imports:import-cancel", POSTED, _busy, "post"),
    Row("imports:import-delete", POSTED, _draft, "post"),
    Row("api:import-list", signed_in(200, anonymous=401)),
    Row("api:import-kinds", signed_in(200, anonymous=401)),
    Row("api:import-detail", insiders(200, anonymous=401), _done),
    Row("api:import-problems", insiders(200, anonymous=401), _done),
    Row("api:import-look", {**EDITORS, "anonymous": 401}, _draft),
    Row("api:import-second-file", {**from_role("product_manager", 400, else_=403, anonymous=401)}, _draft, "post"),
    Row("api:import-check", {**from_role("product_manager", 202, else_=403, anonymous=401)}, _draft, "post"),
    Row("api:import-run", {**from_role("product_manager", 202, else_=403, anonymous=401)}, _draft, "post"),
    Row("api:import-cancel", {**from_role("product_manager", 200, else_=403, anonymous=401)}, _busy, "post"),
    Row("api:import-undo", {**from_role("product_manager", 202, else_=403, anonymous=401)}, _done, "post"),
]
for _row in ROWS[-5:]:
    _row.statuses["outsider"] = 404
