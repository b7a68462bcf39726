"""Who may open the addresses of scenarios."""

import datetime as dt

from portal.people.public import SYSTEM
from roadmaps.plan.scenarios.actions import create_scenario, throw_away
from roadmaps.planning.initiatives.public import Initiative, create_initiative
from roadmaps.planning.scoring.models import ScoringModel
from tests.house.access_table import Row, signed_in

DAY = dt.date(2024, 2, 1)


def _scenario(world, sharing="team"):
    if not Initiative.objects.filter(product=world.product).exists():
        create_initiative(world.product, title="Faster", actor=SYSTEM, effort_months=2)
    rice = ScoringModel.objects.select_related("current").get(slug="rice")
    about = {"name": "What if", "model": rice, "months": 3, "sharing": sharing, "today": DAY}
    return create_scenario(actor=world.product_manager, team=world.team, product=world.product, **about)


def shared(world):
    return {"pk": _scenario(world).pk}


def private(world):
    return {"pk": _scenario(world, "mine").pk}


def closed(world):
    return {"pk": throw_away(_scenario(world), actor=world.product_manager).pk}


def with_item(world):
    made = _scenario(world)
    return {"pk": made.pk, "item_pk": made.items.get().pk}


def editors(status, *, anonymous=302):
    """The team's product managers, ops and admins; the team's viewers may look, others see nothing."""
    return {**signed_in(status, anonymous=anonymous), "viewer": 403, "outsider": 404}


def inside(status, anonymous=302):
    """Everybody of the team, ops and admins."""
    return {**signed_in(status, anonymous=anonymous), "outsider": 404}


MINE = {**signed_in(404), "product_manager": 200}


ROWS = [
    Row("scenarios:scenario-list", signed_in(200)),
    Row("scenarios:scenario-new", {**signed_in(200), "viewer": 403, "outsider": 403}),  # a team without a product
    Row("scenarios:scenario-page", inside(200), shared),
    Row("scenarios:scenario-page", {**MINE, "anonymous": 302}, private),
    Row("scenarios:scenario-edit", editors(200), shared),
    Row("scenarios:capacity", signed_in(405), shared),
    Row("scenarios:capacity", editors(400), shared, "post"),
    Row("scenarios:item", editors(200), with_item),
    Row("scenarios:bulk", signed_in(405), shared),
    Row("scenarios:bulk", editors(302), shared, "post", {"act": "out"}),
    Row("scenarios:put-in", editors(200), shared),
    Row("scenarios:review", editors(200), shared),
    Row("scenarios:review", {**MINE, "anonymous": 302}, private),
    Row("scenarios:scenario-done", inside(200), closed),
    Row("scenarios:throw-away", editors(200), shared),
    Row("api:scenario-list", signed_in(200, anonymous=401)),
    Row("api:scenario-detail", inside(200, anonymous=401), shared),
    Row("api:scenario-items", inside(200, anonymous=401), shared),
    Row("api:scenario-capacity", inside(200, anonymous=401), shared),
    Row("api:scenario-compare", inside(200, anonymous=401), shared),
    Row("api:scenario-changes", inside(200, anonymous=401), shared),
    Row("api:scenario-commit", signed_in(405, anonymous=401), shared),
    Row("api:scenario-commit", editors(400, anonymous=401), shared, "post"),
    Row("api:scenario-throw-away", signed_in(405, anonymous=401), shared),
    Row("api:scenario-throw-away", editors(200, anonymous=401), shared, "post"),
]
