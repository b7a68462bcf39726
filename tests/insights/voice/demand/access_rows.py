"""Who may open the addresses of say and do."""

from insights.voice.demand.actions import set_area
from insights.voice.themes.actions import create_theme
from portal.people.public import SYSTEM
from tests.house.access_table import Row, from_role, signed_in


def _theme(world, visibility="company"):
    return create_theme(world.product, name="Speed", actor=SYSTEM, visibility=visibility)


def _open(world):
    return {"pk": _theme(world).pk}


def _hidden(world):
    return {"pk": _theme(world, "team").pk}


def _area(world):
    return {"pk": set_area(_theme(world), actor=SYSTEM, events=[{"event": "opened"}]).pk}


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 403}
PIECES = ("say-and-do", "loudest", "weighted")
ANSWERS = ("say-and-do", "loudest", "weighted-demand")

ROWS = [
    *(Row(f"demand:{name}", signed_in(200), _open) for name in PIECES),
    *(Row(f"demand:{name}", {**signed_in(200), "outsider": 404}, _hidden) for name in PIECES),
    Row("demand:area-edit", EDITORS, _open),
    Row("demand:area-edit", {**EDITORS, "outsider": 404}, _hidden),
    Row("demand:area-clear", POSTED, _area, method="post"),
    *(Row(f"api:theme-{name}", signed_in(200, anonymous=401), _open) for name in ANSWERS),
    *(Row(f"api:theme-{name}", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden) for name in ANSWERS),
    Row("api:theme-area-list", signed_in(200, anonymous=401)),
    Row("api:theme-area-detail", signed_in(200, anonymous=401), _area),
]
