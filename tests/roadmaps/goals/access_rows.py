"""Who may open the addresses of goals, cycles, visions and strategies."""

import datetime as dt

from portal.people.public import SYSTEM
from roadmaps.goals import actions
from roadmaps.goals.models import Cycle
from tests.house.access_table import Row, from_role, signed_in


def make_cycle(world=None):
    found = Cycle.objects.filter(name="Q1 2024").first()
    days = {"starts_on": dt.date(2024, 1, 1), "ends_on": dt.date(2024, 3, 31)}
    return found or actions.create_cycle(name="Q1 2024", actor=SYSTEM, **days)


def _objective(world, visibility="company"):
    values = {"title": "Faster", "cycle": make_cycle(), "product": world.product, "visibility": visibility}
    return actions.create_objective(actor=SYSTEM, **values)


def _key_result(world, visibility="company"):
    return actions.add_key_result(
        _objective(world, visibility), title="Seconds", baseline=9, target=3, unit="s", actor=SYSTEM
    )


def cycle(world):
    return {"pk": make_cycle().pk}


def objective(world):
    return {"pk": _objective(world).pk}


def closed(world):
    made = _objective(world)
    actions.close_objective(made, actor=SYSTEM, note="Done.")
    return {"pk": made.pk}


def hidden_objective(world):
    return {"pk": _objective(world, "team").pk}


def key_result(world):
    return {"pk": _key_result(world).pk}


def hidden_key_result(world):
    return {"pk": _key_result(world, "team").pk}


def _statement(world, visibility="company"):
    return actions.write_statement(world.product, "vision", text="# Where", actor=SYSTEM, visibility=visibility)


def statement(world):
    _statement(world)
    return {"slug": world.product.slug, "kind": "vision"}


def hidden_statement(world):
    _statement(world, "team")
    return {"slug": world.product.slug, "kind": "vision"}


def hidden_statement_row(world):
    return {"pk": _statement(world, "team").pk}


def editors(status, *, else_=403, anonymous=302):
    """The team's product managers, ops and admins; others may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_, "outsider": else_}


def inside(status, viewer=None, anonymous=302):
    """The same, of what others do not see at all."""
    return {**editors(status, anonymous=anonymous), "viewer": viewer or 403, "outsider": 404}


SEEN_INSIDE = {**signed_in(200), "outsider": 404}
OPS = from_role("ops", 200, else_=403)
CHECK_IN = {"why": "It moves.", "confidence": 4}
VALUE = {"value": 5, "on": "2024-01-20", "reason": "Counted"}

ROWS = [
    Row("goals:goal-list", signed_in(200)),
    Row("goals:mine", signed_in(200)),
    Row("goals:objective-new", {**signed_in(200), "viewer": 403}),
    Row("goals:objective-page", signed_in(200), objective),
    Row("goals:objective-page", SEEN_INSIDE, hidden_objective),
    Row("goals:objective-edit", editors(200), objective),
    Row("goals:objective-edit", inside(200), hidden_objective),
    Row("goals:objective-close", editors(200), objective),
    Row("goals:objective-close", editors(302), objective, "post", {"note": "Done."}),
    Row("goals:objective-reopen", signed_in(405), objective),
    Row("goals:objective-reopen", editors(302), closed, "post"),
    Row("goals:objective-delete", editors(200), objective),
    Row("goals:objective-delete", inside(302), hidden_objective, "post"),
    Row("goals:key-result-new", editors(200), objective),
    Row("goals:key-result-new", inside(200), hidden_objective),
    Row("goals:usual", editors(200), objective),
    Row("goals:key-result-page", signed_in(200), key_result),
    Row("goals:key-result-page", SEEN_INSIDE, hidden_key_result),
    Row("goals:key-result-edit", editors(200), key_result),
    Row("goals:key-result-delete", editors(200), key_result),
    Row("goals:key-result-delete", inside(302), hidden_key_result, "post"),
    Row("goals:value-new", editors(200), key_result),
    Row("goals:value-new", editors(302), key_result, "post", VALUE),
    Row("goals:check-in-new", editors(200), key_result),
    Row("goals:check-in-new", inside(302), hidden_key_result, "post", CHECK_IN),
    Row("goals:cycle-list", signed_in(200)),
    Row("goals:cycle-new", OPS),
    Row("goals:cycle-edit", OPS, cycle),
    Row("goals:cycle-delete", OPS, cycle),
    Row("goals:cycle-delete", from_role("ops", 302, else_=403), cycle, "post"),
    Row("goals:statement-list", signed_in(200)),
    Row("goals:statement-page", signed_in(200), statement),
    Row("goals:statement-page", SEEN_INSIDE, hidden_statement),
    Row("goals:statement-edit", editors(200), statement),
    Row("goals:statement-edit", inside(200), hidden_statement),
    Row("goals:statement-read", signed_in(405), statement),
    Row("goals:statement-read", signed_in(302), statement, "post", {"version": "1"}),
    Row("goals:statement-read", {**signed_in(302), "outsider": 404}, hidden_statement, "post", {"version": "1"}),
    Row("api:cycle-list", signed_in(200, anonymous=401)),
    Row("api:cycle-detail", signed_in(200, anonymous=401), cycle),
    Row("api:objective-list", signed_in(200, anonymous=401)),
    Row("api:objective-detail", {**signed_in(200, anonymous=401), "outsider": 404}, hidden_objective),
    Row("api:objective-close", signed_in(405, anonymous=401), objective),
    Row("api:objective-close", inside(200, anonymous=401), hidden_objective, "post", {"note": "Done."}),
    Row("api:objective-reopen", signed_in(405, anonymous=401), objective),
    Row("api:key-result-list", signed_in(200, anonymous=401)),
    Row("api:key-result-detail", {**signed_in(200, anonymous=401), "outsider": 404}, hidden_key_result),
    Row("api:key-result-check-ins", {**signed_in(200, anonymous=401), "outsider": 404}, hidden_key_result),
    Row("api:key-result-check-in", signed_in(405, anonymous=401), key_result),
    Row("api:key-result-check-in", inside(201, anonymous=401), hidden_key_result, "post", CHECK_IN),
    Row("api:key-result-type-value", signed_in(405, anonymous=401), key_result),
    Row("api:key-result-type-value", inside(201, anonymous=401), hidden_key_result, "post", VALUE),
    Row("api:statement-list", signed_in(200, anonymous=401)),
    Row("api:statement-detail", {**signed_in(200, anonymous=401), "outsider": 404}, hidden_statement_row),
]
