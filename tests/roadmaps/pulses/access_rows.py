"""Who may open the addresses of alignment pulses."""

import datetime as dt

from django.utils import timezone

from portal.people.public import SYSTEM
from roadmaps.goals import actions as goals
from roadmaps.pulses import actions
from roadmaps.pulses.asking import hash_of
from roadmaps.pulses.models import PulseAnswer, Ticket
from tests.house.access_table import Row, from_role, signed_in
from tests.roadmaps.goals.access_rows import make_cycle

SECRET = "a secret of a link"


def make_pulse(world, visibility="company"):
    """A draft with two goals and a function of five."""
    cycle = make_cycle()
    values = {"cycle": cycle, "product": world.product, "visibility": visibility, "actor": SYSTEM}
    chosen = [goals.create_objective(title=title, **values) for title in ("Faster", "Simpler")]
    closes_on = timezone.localdate() + dt.timedelta(days=7)
    more = {"goals": chosen, "closes_on": closes_on, "visibility": visibility, "actor": SYSTEM}
    pulse = actions.create_pulse(world.product, name="Aligned?", **more)
    people = [f"p{number}@example.com" for number in range(5)]
    actions.ask_function(pulse, name="Design", addresses=people, actor=SYSTEM)
    return pulse


def draft(world):
    return {"pk": make_pulse(world).pk}


def hidden(world):
    return {"pk": make_pulse(world, "team").pk}


def function(world):
    pulse = make_pulse(world)
    return {"pk": pulse.pk, "function_pk": pulse.functions.get().pk}


def _opened(world, visibility="company"):
    pulse = actions.open_pulse(make_pulse(world, visibility), actor=SYSTEM)
    Ticket.objects.create(secret_hash=hash_of(SECRET), function=pulse.functions.get())
    return pulse


def opened(world):
    return {"pk": _opened(world).pk}


def closed(world):
    pulse = _opened(world)
    people = [f"s{number}@example.com" for number in range(6)]
    sales, design = actions.ask_function(pulse, name="Sales", addresses=people, actor=SYSTEM), pulse.functions.first()
    for function, ranks, ratings in ((design, [1, 2], (4, 3, 5, 4, 4)), (sales, [2, 1], (2, 3, 1, 2, 4))):
        rows = [PulseAnswer(function=function, ranks=ranks, vision=one, execution=3) for one in ratings]
        PulseAnswer.objects.bulk_create(rows)
        type(function).objects.filter(pk=function.pk).update(n_answered=len(rows))
    return {"pk": actions.close_pulse(pulse, actor=SYSTEM).pk}


def link(world):
    _opened(world)
    return {}


WRITERS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
WRITTEN = {**from_role("product_manager", 302, else_=403), "outsider": 403}
API = signed_in(200, anonymous=401)
API_POST_ONLY = signed_in(405, anonymous=401)
API_WRITERS = {**from_role("product_manager", 200, else_=403, anonymous=401), "outsider": 403}
PEOPLE = {"name": "Sales", "addresses": "a@example.com, b@example.com"}

ROWS = [
    Row("pulses:pulse-list", signed_in(200)),
    Row("pulses:pulse-new", WRITERS),
    Row("pulses:pulse-page", signed_in(200), draft),
    Row("pulses:pulse-page", {**signed_in(200), "outsider": 404}, hidden),
    Row("pulses:pulse-page", signed_in(200), closed),
    Row("pulses:pulse-edit", WRITERS, draft),
    Row("pulses:pulse-ask", WRITTEN, draft, "post", PEOPLE),
    Row("pulses:pulse-ask", WRITERS, draft),
    Row("pulses:pulse-preview", WRITERS, draft),
    Row("pulses:function-drop", signed_in(405), function),
    Row("pulses:function-drop", WRITTEN, function, "post"),
    Row("pulses:pulse-open", signed_in(405), draft),
    Row("pulses:pulse-open", WRITTEN, draft, "post"),
    Row("pulses:pulse-remind", signed_in(405), opened),
    Row("pulses:pulse-remind", WRITTEN, opened, "post"),
    Row("pulses:pulse-close", WRITTEN, opened, "post"),
    Row("pulses:pulse-close", WRITERS, opened),
    Row("pulses:pulse-delete", WRITTEN, draft, "post"),
    Row("pulses:pulse-delete", WRITERS, draft),
    Row("pulse_answers:answer", signed_in(404, anonymous=404)),
    Row("pulse_answers:answer", signed_in(200, anonymous=200), link, "get", {"key": SECRET}),
    Row("api:pulse-list", API),
    Row("api:pulse-detail", {**API, "outsider": 404}, hidden),
    Row("api:pulse-results", API, closed),
    Row("api:pulse-ask", API_POST_ONLY, draft),
    Row("api:pulse-open", API_POST_ONLY, draft),
    Row("api:pulse-open", API_WRITERS, draft, "post"),
    Row("api:pulse-close", API_POST_ONLY, opened),
    Row("api:pulse-close", API_WRITERS, opened, "post"),
    Row("api:pulse-remind", API_POST_ONLY, opened),
    Row("api:pulse-remind", API_WRITERS, opened, "post"),
]
