"""Who may open the addresses of closing: who asked for something is for the team and ops."""

import datetime as dt

from insights.voice.closing.actions import set_status
from insights.voice.closing.kinds import THEME
from insights.voice.closing.stopping import stop_path
from insights.voice.closing.telling import leave_out
from insights.voice.feedback.actions import add_feedback
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_theme
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import ROLES, Row, from_role, insiders, signed_in


def _asked(world):
    theme = create_theme(world.product, name="Speed", actor=SYSTEM)
    values = {"channel": make_channel("call"), "visibility": "company", "person": "ann"}
    piece = add_feedback(world.product, actor=SYSTEM, today=dt.date(2024, 1, 20), text="It is slow.", **values)[0]
    link_theme(theme, piece, actor=SYSTEM)
    return theme


def _told(world):
    return set_status(THEME, _asked(world).pk, status="planned", said="In May.", actor=SYSTEM)


def _thing(world):
    return {"kind": THEME, "thing_id": _asked(world).pk}


def _thing_with_status(world):
    return {"kind": THEME, "thing_id": _told(world).thing_id}


def _change(world):
    return {"pk": _told(world).pk}


def _telling(world):
    return {"pk": _told(world).tellings.get().pk}


def _left_out(world):
    telling = leave_out(_told(world).tellings.get(), actor=SYSTEM, version=1, note="left the company")
    return {"pk": telling.pk}


def _token(world):
    return {"token": stop_path(_told(world).tellings.get()).split("/")[2]}


TELLERS = {**from_role("product_manager", 200, else_=403), "outsider": 404}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 404}
API = insiders(200, anonymous=401)
ROWS = [
    Row("closing:loop-list", signed_in(200)),
    Row("closing:loop-mine", signed_in(200)),
    Row("closing:thing-page", insiders(200), _thing),
    Row("closing:thing-page", insiders(200), _thing_with_status),
    Row("closing:thing-people", insiders(302), _thing_with_status),
    Row("closing:thing-status", signed_in(200), _thing_with_status),
    Row("closing:status-new", TELLERS, _thing),
    Row("closing:status-take-back", TELLERS, _change),
    Row("closing:status-history", insiders(200), _change),
    Row("closing:status-send", POSTED, _change, method="post"),
    Row("closing:status-add", POSTED, _change, method="post"),
    Row("closing:telling-edit", TELLERS, _telling),
    Row("closing:telling-asked", insiders(302), _telling),
    Row("closing:telling-told", TELLERS, _telling),
    Row("closing:telling-leave-out", TELLERS, _telling),
    Row(
        "closing:telling-send", {**POSTED, **dict.fromkeys(("product_manager", "ops", "admin"), 409)}, _telling, "post"
    ),
    Row("closing:telling-take-back", POSTED, _left_out, "post", {"version": "2"}),
    Row("told:stop", dict.fromkeys(ROLES, 200), _token),
    Row("told:stop", dict.fromkeys(ROLES, 404), {"token": "made:up"}),
    Row("api:status-change-list", signed_in(200, anonymous=401)),
    Row("api:status-change-detail", API, _change),
    Row("api:status-change-share", signed_in(200, anonymous=401)),
    Row("api:status-change-askers", signed_in(400, anonymous=401)),
    *(Row(f"api:status-change-{act}", signed_in(405, anonymous=401), {"pk": 1}) for act in ("send", "draft-missing")),
    Row("api:telling-list", signed_in(200, anonymous=401)),
    Row("api:telling-detail", API, _telling),
    *(
        Row(f"api:telling-{act}", signed_in(405, anonymous=401), {"pk": 1})
        for act in ("send", "told", "leave-out", "take-back")
    ),
]
