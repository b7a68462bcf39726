"""Who may open the addresses of the roadmap."""

import datetime as dt

from portal.people.public import SYSTEM
from roadmaps.plan.board import actions
from roadmaps.plan.board.state import State
from roadmaps.planning.initiatives.public import create_initiative
from tests.house.access_table import Row, signed_in


def _initiative(world, visibility="company"):
    day = dt.date(2024, 2, 1)
    return create_initiative(world.product, title="Faster", actor=SYSTEM, visibility=visibility, starts_on=day)


def initiative(world):
    return {"pk": _initiative(world).pk}


def hidden(world):
    return {"pk": _initiative(world, "team").pk}


def _promise(world, visibility="company"):
    made = _initiative(world, visibility)
    return actions.make_promise(made, actor=SYSTEM, to_whom="Acme", due_on=dt.date(2999, 1, 1)).pk


def promise(world):
    return {"pk": _promise(world)}


def hidden_promise(world):
    return {"pk": _promise(world, "team")}


def view(world):
    made = actions.save_view(actor=world.product_manager, name="Mine", state=State(), team=world.team)
    return {"pk": made.pk}


def editors(status, *, else_=403, anonymous=302):
    """The team's product managers, ops and admins; others may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_, "outsider": else_}


def inside(status, anonymous=302):
    """The same, of what others do not see at all."""
    return {**editors(status, anonymous=anonymous), "outsider": 404}


MINE = {**signed_in(404), "product_manager": 200}
WHY = {"why": "They left"}
PROMISE = {"to_whom": "Acme", "due_on": "2999-01-01"}


def with_initiative(world):
    initiative(world)
    return {}


ROWS = [
    Row("roadmap:board", signed_in(200)),
    Row(
        "roadmap:board",
        signed_in(200),
        with_initiative,
        data={"view": "timeline", "start": "2024-01-01", "lanes": "goal"},
    ),
    Row("roadmap:board", signed_in(200), data={"view": "list", "colour": "health", "stage": "all"}),
    Row("roadmap:board", signed_in(200), data={"view": "calendar"}),
    Row("roadmap:board", signed_in(200), data={"view": "goals", "day": "2024-01-01"}),
    Row("roadmap:cell", signed_in(200), data={"column": "now"}),
    Row("roadmap:lines", signed_in(200)),
    Row("roadmap:move", editors(200), initiative),
    Row("roadmap:move", inside(200), hidden),
    Row("roadmap:drop", signed_in(405), initiative),
    Row("roadmap:drop", inside(200), hidden, "post", {"version": 1, "horizon": "now"}),
    Row("roadmap:health", editors(200), initiative),
    Row("roadmap:health", inside(302), hidden, "post", {"tone": "bad", "reason": "The lawyers"}),
    Row("roadmap:promise-new", editors(200), initiative),
    Row("roadmap:promise-new", inside(302), hidden, "post", PROMISE),
    Row("roadmap:promise-list", signed_in(200)),
    Row("roadmap:promise-withdraw", editors(200), promise),
    Row("roadmap:promise-withdraw", inside(302), hidden_promise, "post", WHY),
    Row("roadmap:move-list", signed_in(200)),
    Row("roadmap:since", signed_in(200)),
    Row("roadmap:view-list", signed_in(200)),
    Row("roadmap:view-save", signed_in(405)),
    Row("roadmap:view-save", signed_in(302), method="post", data={"name": "Mine"}),
    Row("roadmap:view-delete", {**MINE, "anonymous": 302}, view),
    Row("roadmap:calendar", signed_in(200)),
    Row("roadmap_calendars:feed", {**signed_in(404), "anonymous": 404}, {"token": "x" * 30}),
    Row("api:roadmap-list", signed_in(200, anonymous=401)),
    Row("api:roadmap-move", signed_in(405, anonymous=401), initiative),
    Row("api:roadmap-move", inside(200, anonymous=401), hidden, "post", {"version": 1, "horizon": "now"}),
    Row("api:roadmap-health", {**signed_in(200, anonymous=401), "outsider": 404}, hidden),
    Row("api:roadmap-move-list", signed_in(200, anonymous=401)),
    Row("api:roadmap-view-list", signed_in(200, anonymous=401)),
    Row("api:roadmap-view-detail", {**signed_in(200, anonymous=401), "outsider": 404}, view),
    Row("api:promise-list", signed_in(200, anonymous=401)),
    Row("api:promise-detail", {**signed_in(200, anonymous=401), "outsider": 404}, hidden_promise),
    Row("api:promise-withdraw", signed_in(405, anonymous=401), promise),
    Row("api:promise-withdraw", inside(200, anonymous=401), hidden_promise, "post", WHY),
]
