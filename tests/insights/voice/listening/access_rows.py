"""Who may open the addresses of listening."""

import datetime as dt

from insights.contacts.public import find_speaker
from insights.events.public import DistinctId
from insights.voice.listening.actions import set_target
from insights.voice.listening.calling import claim_call
from insights.voice.listening.models import CallList, CallSuggestion
from insights.voice.listening.reasons import add_reason
from portal.people.public import SYSTEM
from tests.factories import make_cohort
from tests.house.access_table import Row, from_role, signed_in


def _team(world):
    return {"slug": world.team.slug}


def _target(world):
    return {"pk": set_target(world.team, actor=SYSTEM, per_person=2).pk}


def _person(world):
    no = find_speaker(world.product, person="ann").person_no
    return DistinctId.objects.select_related("id_space__product__team").get(no=no)


def _no(world):
    return {"no": _person(world).no}


def _call(world):
    return {"pk": claim_call(world.product, _person(world), actor=SYSTEM).pk}


def _reason(world):
    return {"pk": add_reason(world.product, make_cohort(world.product, "Power users", []), actor=SYSTEM).pk}


def _suggestion(world):
    made = CallList.objects.create(product=world.product, made_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    more = {"place": 1, "person": _person(world), "name": "Ann", "reasons": []}
    return {"pk": CallSuggestion.objects.create(call_list=made, product=world.product, **more).pk}


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
INSIDE = {**signed_in(200), "outsider": 404}
API_INSIDE = {**INSIDE, "anonymous": 401}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 404}

ROWS = [
    Row("listening:clock", signed_in(200)),
    Row("listening:clock-segments", signed_in(200)),
    Row("listening:clock-home", signed_in(200)),
    Row("listening:clock-unheard", signed_in(200)),
    Row("listening:target-edit", EDITORS, _team),
    Row("listening:next-calls", signed_in(200)),
    Row("listening:list-make", POSTED, method="post"),
    Row("listening:call-claim", POSTED, _suggestion, method="post"),
    Row("listening:reasons", INSIDE),
    Row("listening:reason-remove", POSTED, _reason, method="post"),
    Row("listening:call-list", signed_in(200)),
    Row("listening:call-page", INSIDE, _call),
    Row("listening:call-end", POSTED, _call, method="post", data={"how": "declined", "version": "1"}),
    Row("listening:call-ics", INSIDE, _call),
    Row("listening:person-calls", {**signed_in(200), "outsider": 403}, _no),
    Row("listening:person-claim", {**POSTED, "outsider": 403}, _no, method="post"),
    Row("listening:calendar", signed_in(200)),
    Row("calendars:feed", dict.fromkeys(("anonymous", *signed_in(200)), 404), {"token": "x" * 43}),
    Row("api:contact-clock", signed_in(200, anonymous=401)),
    Row("api:contact-clock-segments", signed_in(400, anonymous=401)),
    Row("api:contact-target-list", signed_in(200, anonymous=401)),
    Row("api:contact-target-detail", signed_in(200, anonymous=401), _target),
    Row("api:call-list", signed_in(200, anonymous=401)),
    Row("api:call-detail", API_INSIDE, _call),
    Row("api:call-end", signed_in(405, anonymous=401), {"pk": 1}),
    Row("api:call-suggestion-list", signed_in(200, anonymous=401)),
    Row("api:call-suggestion-detail", API_INSIDE, _suggestion),
    Row("api:call-suggestion-make", signed_in(405, anonymous=401)),
    Row("api:call-reason-list", signed_in(200, anonymous=401)),
    Row("api:call-reason-detail", API_INSIDE, _reason),
]
