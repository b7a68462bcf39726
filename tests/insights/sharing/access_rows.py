"""Who may open the addresses of packs and public links."""

import datetime as dt

from django.utils import timezone

from insights.dashboards import actions as boards
from insights.sharing import actions
from portal.people.public import SYSTEM
from tests.house.access_table import Row, from_role, insiders, signed_in


def _board(world):
    board = boards.create_dashboard(actor=SYSTEM, product=world.product, title="Health")
    boards.add_tile(board, actor=SYSTEM, kind="text", text="Hello")
    return board


def _pack(world):
    pack = actions.freeze_dashboard(_board(world), actor=SYSTEM, name="Board", held_on=dt.date(2026, 3, 20))
    return {"pack_id": pack.pk}


def _link_and_token(world):
    soon = timezone.now() + dt.timedelta(days=9)
    return actions.create_link(_board(world), actor=world.product_manager, name="Investors", expires_at=soon)


def _link(world):
    return {"link_id": _link_and_token(world)[0].pk}


def _token(world):
    return {"token": _link_and_token(world)[1]}


def _closed(world):
    actions.close_product(world.product, actor=SYSTEM, reason="Contracts")
    return {"slug": world.product.slug}


def _pk(make):
    return lambda world: {"pk": next(iter(make(world).values()))}


def editors(status, *, else_=403, anonymous=302):
    """The team's product managers, ops and admins; others may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_, "outsider": else_}


EVERYBODY = {**signed_in(200), "anonymous": 200}
OF_TEAM = {**insiders(302), "viewer": 403}

ROWS = [
    Row("sharing:pack-list", signed_in(200)),
    Row("sharing:pack-new", signed_in(404)),
    Row("sharing:pack-page", signed_in(200), _pack),
    Row("sharing:pack-remove", from_role("ops", 200, else_=403), _pack),
    Row("sharing:link-list", signed_in(200)),
    Row("sharing:link-new", signed_in(404)),
    Row("sharing:link-page", insiders(200), _link),
    Row("sharing:link-revoke", signed_in(405), {"link_id": 1}),
    Row("sharing:link-revoke", OF_TEAM, _link, method="post"),
    Row("sharing:product-close", signed_in(405)),
    Row("sharing:product-close", editors(302), method="post", data={"product": "planner", "reason": "Contracts"}),
    Row("sharing:product-open", signed_in(405), {"slug": "planner"}),
    Row("sharing:product-open", editors(302), _closed, method="post"),
    Row("shared:dashboard", EVERYBODY, _token),
    Row("shared:dashboard", {**signed_in(404), "anonymous": 404}, {"token": "unknown"}),
    Row("shared:embed", {**signed_in(404), "anonymous": 404}, _token),
    Row("api:pack-list", signed_in(200, anonymous=401)),
    Row("api:pack-detail", signed_in(200, anonymous=401), _pk(_pack)),
    Row("api:pack-detail", from_role("ops", 400, else_=403, anonymous=401), _pk(_pack), method="delete"),
    Row("api:pack-comparison", signed_in(200, anonymous=401), _pk(_pack)),
    Row("api:public-link-list", signed_in(200, anonymous=401)),
    Row("api:public-link-detail", insiders(200, anonymous=401), _pk(_link)),
    Row("api:public-link-revoke", {**insiders(200, anonymous=401), "viewer": 403}, _pk(_link), method="post"),
    Row("api:closed-product-list", signed_in(200, anonymous=401)),
    Row("api:closed-product-detail", signed_in(200, anonymous=401), _closed),
    Row("api:closed-product-detail", editors(204, anonymous=401), _closed, method="delete"),
]
