"""Who may open the addresses of triage: who may change a team's feedback decides about it."""

import datetime as dt

from insights.voice.feedback.actions import add_feedback
from insights.voice.themes.actions import create_theme
from insights.voice.triage.actions import archive_piece, ask_back
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import Row, from_role, insiders, signed_in

TEXT = "It is slow.\n\nAnd ugly."


def _feedback(world):
    values = {"channel": make_channel("call"), "visibility": "company", "person": "ann", "account": "acme"}
    return add_feedback(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), text=TEXT, **values)[0]


def _piece(world):
    create_theme(world.product, name="Speed", actor=SYSTEM)
    return {"pk": _feedback(world).pk}


def _decision(world):
    return {"pk": archive_piece(_feedback(world), actor=SYSTEM, version=1, reason="noise").pk}


def _asked_about(world):
    piece = _feedback(world)
    ask_back(piece, "What is slow?", actor=SYSTEM, version=1)
    return {"pk": piece.pk}


def _inquiry(world):
    return {"pk": ask_back(_feedback(world), "What is slow?", actor=SYSTEM, version=1).inquiry.pk}


def _something(world):
    _piece(world)
    return {}


DECIDERS = {**from_role("product_manager", 200, else_=403), "outsider": 404}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 404}
PIECES = {
    "link": {"theme": "speed", "importance": "3"},
    "archive": {"reason": "noise"},
    "split": {"text": TEXT.replace("\n\n", "\n---\n")},
    "assign": {"assignee": ""},
    "ask": {"to": "who-said-it", "text": "What is slow?"},
}

ROWS = [
    Row("triage:inbox", from_role("product_manager", 200, else_=403)),
    Row("triage:inbox", from_role("product_manager", 200, else_=403), _something),
    Row("triage:team-pace", signed_in(200)),
    Row("triage:waiting-count", signed_in(200)),
    Row("triage:waiting-home", signed_in(200)),
    Row("triage:undo-last", from_role("product_manager", 400, else_=403), method="post"),
    Row("triage:piece-beside", DECIDERS, _piece),
    Row("triage:piece-who", DECIDERS, _piece),
    Row("triage:piece-history", insiders(200), _asked_about),
    *(
        Row(f"triage:piece-{act}", POSTED, _piece, method="post", data={"version": "1", **data})
        for act, data in PIECES.items()
    ),
    Row(
        "triage:piece-refuse",
        {**DECIDERS, **dict.fromkeys(("product_manager", "ops", "admin"), 404)},
        _piece,
        method="post",
        data={"theme": "0"},
    ),
    Row(
        "triage:piece-name",
        {**POSTED, **dict.fromkeys(("product_manager", "ops", "admin"), 400)},
        _piece,
        method="post",
        data={"kind": "person", "id": "nobody"},
    ),
    Row("triage:inquiry-close", POSTED, _inquiry, method="post"),
    Row("api:triage-decision-list", signed_in(200, anonymous=401)),
    Row("api:triage-decision-detail", insiders(200, anonymous=401), _decision),
    Row("api:triage-decision-undo", signed_in(405, anonymous=401), {"pk": 1}),
    Row("api:inquiry-list", signed_in(200, anonymous=401)),
    Row("api:inquiry-detail", insiders(200, anonymous=401), _inquiry),
    Row("api:inquiry-close", signed_in(405, anonymous=401), {"pk": 1}),
]
