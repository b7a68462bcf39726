"""Who may open the addresses of outcomes."""

from django.utils import timezone

from insights.metrics.actions import create_metric
from insights.metrics.models import Metric
from portal.people.public import SYSTEM
from roadmaps.outcomes import actions
from roadmaps.outcomes.models import OutcomeReview
from roadmaps.planning.initiatives.public import create_initiative
from tests.house.access_table import Row, from_role, signed_in
from tests.insights.metrics.conftest import PEOPLE, define
from tests.roadmaps.goals.access_rows import editors, inside


def make_initiative(world, visibility="company"):
    return create_initiative(world.product, title="Guide invitations", actor=SYSTEM, visibility=visibility)


def make_metric(world):
    product = world.product
    found = Metric.objects.filter(product=product, name="Readers").first()
    return found or create_metric(define(PEOPLE, product, SYSTEM), product=product, name="Readers", actor=SYSTEM)


def make_bet(world, visibility="company"):
    values = {"low": 10.0, "high": 40.0, "confidence": 0.7, "actor": SYSTEM}
    return actions.write_bet(make_initiative(world, visibility), metric=make_metric(world), **values)


def _review(world, visibility="company"):
    bet = make_bet(world, visibility)
    return OutcomeReview.objects.create(initiative=bet.initiative, asked_at=timezone.now())


def initiative(world):
    return {"pk": make_initiative(world).pk}


def hidden_initiative(world):
    return {"pk": make_initiative(world, "team").pk}


def bet(world):
    return {"pk": make_bet(world).pk}


def hidden_bet(world):
    return {"pk": make_bet(world, "team").pk}


def review(world):
    return {"pk": _review(world).pk}


def hidden_review(world):
    return {"pk": _review(world, "team").pk}


ANSWER = {"decision": "keep", "learned": "People wait for the second one.", "version": 1}
COST = {"amount": "9000", "currency": "€", "version": "0"}
ROWS = [
    Row("outcomes:portfolio", signed_in(200)),
    Row("outcomes:calibration", signed_in(200)),
    Row("outcomes:review-list", signed_in(200)),
    Row("outcomes:mine", signed_in(200)),
    Row("outcomes:bet-page", signed_in(200), bet),
    Row("outcomes:bet-page", {**signed_in(200), "outsider": 404}, hidden_bet),
    Row("outcomes:bet-new", editors(200), initiative),
    Row("outcomes:bet-new", inside(200), hidden_initiative),
    Row("outcomes:bet-edit", editors(200), bet),
    Row("outcomes:bet-edit", inside(200), hidden_bet),
    Row("outcomes:bet-delete", editors(200), bet),
    Row("outcomes:bet-delete", inside(302), hidden_bet, "post"),
    Row("outcomes:bet-measure", signed_in(405), bet),
    Row("outcomes:bet-measure", inside(302), hidden_bet, "post"),
    Row("outcomes:review-page", signed_in(200), review),
    Row("outcomes:review-page", inside(302), hidden_review, "post", ANSWER),
    Row("outcomes:cost-edit", from_role("ops", 200, else_=403)),
    Row("outcomes:cost-edit", from_role("ops", 302, else_=403), {}, "post", COST),
    Row("api:bet-list", signed_in(200, anonymous=401)),
    Row("api:bet-detail", {**signed_in(200, anonymous=401), "outsider": 404}, hidden_bet),
    Row("api:bet-measurements", {**signed_in(200, anonymous=401), "outsider": 404}, hidden_bet),
    Row("api:bet-measure", signed_in(405, anonymous=401), bet),
    Row("api:bet-measure", inside(202, anonymous=401), hidden_bet, "post"),
    Row("api:outcome-review-list", signed_in(200, anonymous=401)),
    Row("api:outcome-review-detail", {**signed_in(200, anonymous=401), "outsider": 404}, hidden_review),
    Row("api:outcome-review-answer", signed_in(405, anonymous=401), review),
    Row("api:outcome-review-answer", inside(200, anonymous=401), hidden_review, "post", ANSWER),
    Row("api:calibration-list", signed_in(200, anonymous=401)),
    Row("api:month-cost-list", signed_in(200, anonymous=401)),
]
