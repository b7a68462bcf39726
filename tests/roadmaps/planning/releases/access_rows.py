"""Who may open the addresses of releases."""

import datetime as dt

from portal.people.public import SYSTEM
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.releases import actions
from tests.house.access_table import Row, signed_in

DAY = dt.date(2024, 3, 21)


def make_release(world, visibility="company", name="Spring"):
    return actions.create_release(world.product, name=name, planned_on=DAY, actor=SYSTEM, visibility=visibility)


def _initiative(world, visibility="company"):
    return create_initiative(world.product, title="Faster", actor=SYSTEM, visibility=visibility)


def release(world):
    made = make_release(world)
    actions.add_initiatives(made, [_initiative(world)], actor=SYSTEM)
    return {"pk": made.pk}


def hidden(world):
    return {"pk": make_release(world, "team").pk}


def out(world):
    return {"pk": actions.release_now(make_release(world), SYSTEM).pk}


def cancelled(world):
    return {"pk": actions.cancel_release(make_release(world), actor=SYSTEM, why="Not now").pk}


def with_initiative(world):
    made, initiative = make_release(world), _initiative(world)
    actions.add_initiatives(made, [initiative], actor=SYSTEM)
    return {"pk": made.pk, "initiative_id": initiative.pk}


def editors(status, *, else_=403, anonymous=302):
    """The team's product managers, ops and admins; others may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_, "outsider": else_}


def inside(status, anonymous=302):
    """The same, of what others do not see at all."""
    return {**editors(status, anonymous=anonymous), "outsider": 404}


SEEN_INSIDE = {**signed_in(200), "outsider": 404}
API_INSIDE = {**signed_in(200, anonymous=401), "outsider": 404}
OUT = {"on": "2024-01-20", "said": "", "version": 1}
WHY = {"why": "Too much in it"}

ROWS = [
    Row("releases:release-list", signed_in(200)),
    Row("releases:release-list", signed_in(200), data={"q": "spring faster", "product": "planner", "state": "planned"}),
    Row("releases:release-new", {**signed_in(200), "viewer": 403, "outsider": 403}),
    Row("releases:release-page", SEEN_INSIDE, hidden),
    Row("releases:release-page", signed_in(200), out),
    Row("releases:release-page", signed_in(200), release, data={"find": "fast"}),
    Row("releases:release-edit", inside(200), hidden),
    Row("releases:release-edit", editors(200), release),
    Row("releases:release-add", signed_in(405), release),
    Row("releases:release-add", inside(400), hidden, "post"),
    Row("releases:release-remove", signed_in(405), with_initiative),
    Row("releases:release-remove", editors(302), with_initiative, "post"),
    Row("releases:release-out", inside(200), hidden),
    Row("releases:release-out", inside(302), hidden, "post", OUT),
    Row("releases:release-out", editors(200), release),
    Row("releases:release-cancel", inside(302), hidden, "post", WHY),
    Row("releases:release-cancel", editors(200), release),
    Row("releases:release-take-back", editors(302), out, "post", WHY),
    Row("releases:release-take-back", editors(200), out),
    Row("releases:release-reopen", signed_in(405), cancelled),
    Row("releases:release-reopen", editors(302), cancelled, "post"),
    Row("releases:release-delete", inside(302), hidden, "post"),
    Row("releases:release-delete", editors(200), release),
    Row("api:release-list", signed_in(200, anonymous=401)),
    Row("api:release-detail", API_INSIDE, hidden),
    Row("api:release-out", signed_in(405, anonymous=401), release),
    Row("api:release-out", inside(200, anonymous=401), hidden, "post", {"version": 1}),
    Row("api:release-contents", signed_in(405, anonymous=401), release),
    Row("api:release-contents", inside(200, anonymous=401), hidden, "post", {}),
    Row("api:release-take-back", signed_in(405, anonymous=401), out),
    Row("api:release-take-back", editors(200, anonymous=401), out, "post", WHY),
    Row("api:release-cancel", signed_in(405, anonymous=401), release),
    Row("api:release-cancel", inside(200, anonymous=401), hidden, "post", WHY),
    Row("api:release-reopen", signed_in(405, anonymous=401), cancelled),
    Row("api:release-reopen", editors(200, anonymous=401), cancelled, "post"),
]
