"""Who may open the addresses of highlights."""

import datetime as dt

from insights.voice.feedback.actions import add_feedback
from insights.voice.highlights.actions import add_highlight
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import Row, from_role, signed_in


def _feedback(world, visibility="company"):
    values = {"channel": make_channel("call"), "visibility": visibility, "person": "ann"}
    return add_feedback(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), text="It is slow.", **values)[0]


def _text(world):
    return {"pk": _feedback(world).pk}


def _hidden_text(world):
    return {"pk": _feedback(world, "team").pk}


def _highlight(world, visibility="company"):
    return {"pk": add_highlight(_feedback(world, visibility), actor=SYSTEM, quote="slow")[0].pk}


def _hidden(world):
    return _highlight(world, "team")


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
HIDDEN = {**from_role("product_manager", 200, else_=403), "outsider": 404}

ROWS = [
    Row("highlights:highlight-list", signed_in(200)),
    Row("highlights:highlight-new", EDITORS, _text),
    Row("highlights:highlight-new", HIDDEN, _hidden_text),
    Row("highlights:highlight-edit", EDITORS, _highlight),
    Row("highlights:highlight-edit", HIDDEN, _hidden),
    Row("highlights:highlight-delete", EDITORS, _highlight),
    Row("highlights:highlight-delete", HIDDEN, _hidden),
    Row("api:highlight-list", signed_in(200, anonymous=401)),
    Row("api:highlight-detail", signed_in(200, anonymous=401), _highlight),
    Row("api:highlight-detail", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden),
]
