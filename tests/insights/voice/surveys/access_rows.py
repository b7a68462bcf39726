"""Who may open the addresses of surveys, their answers and rounds of asking."""

import datetime as dt

from insights.events.public import DistinctId, default_id_space
from insights.voice.surveys.models import Answer, Invitation, Sending, Survey
from insights.voice.surveys.tokens import token_of
from tests.house.access_table import Row, from_role, insiders, signed_in

AT = dt.datetime(2024, 1, 5, tzinfo=dt.UTC)


def _thing(world):
    defaults = {"team": world.team, "kind": "nps", "question": "Would you?", "state": "open"}
    return Survey.objects.get_or_create(product=world.product, name="NPS of spring", defaults=defaults)[0]


def _survey(world):
    return {"pk": _thing(world).pk}


def _person(world):
    return DistinctId.objects.get_or_create(id_space=default_id_space(world.product), distinct_id="ann")[0]


def _answer(world):
    values = {"survey": _thing(world), "person": _person(world), "score": 9, "answered_at": AT, "via": "api"}
    return {"pk": Answer.objects.get_or_create(**values)[0].pk}


def _sending(world):
    return {"pk": Sending.objects.get_or_create(survey=_thing(world), cohort_name="All", state="done")[0].pk}


def _token(world):
    values = {"survey": _thing(world), "person": _person(world), "way": "mail", "asked_at": AT}
    return {"token": token_of(Invitation.objects.get_or_create(**values)[0].pk)}


WRITERS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
POST_ONLY = signed_in(405)
API_POST_ONLY = signed_in(405, anonymous=401)
ALL = signed_in(200)
API = signed_in(200, anonymous=401)
INSIDE = insiders(200, else_=403)
API_INSIDE = insiders(200, anonymous=401)
ANYBODY = signed_in(200, anonymous=200)

ROWS = [
    Row("surveys:survey-list", ALL),
    Row("surveys:survey-new", WRITERS),
    Row("surveys:survey-page", ALL, _survey),
    Row("surveys:survey-edit", WRITERS, _survey),
    Row("surveys:survey-preview", WRITERS, _survey),
    Row("surveys:survey-open", POST_ONLY, _survey),
    Row("surveys:survey-close", POST_ONLY, _survey),
    Row("surveys:survey-delete", WRITERS, _survey),
    Row("surveys:survey-metric", WRITERS, _survey),
    Row("surveys:survey-ask", WRITERS, _survey),
    Row("surveys:survey-remind", WRITERS, _survey),
    Row("surveys:survey-links", POST_ONLY, _survey),
    Row("surveys:answer-list", INSIDE, _survey),
    Row("surveys:answer-delete", {**WRITERS, "outsider": 404}, _answer),
    Row("answering:answer", ANYBODY, _token),
    Row("answering:stop", ANYBODY, _token),
    Row("api:survey-list", API),
    Row("api:survey-detail", API, _survey),
    Row("api:survey-uses", API, _survey),
    Row("api:survey-results", API, _survey),
    Row("api:survey-open", API_POST_ONLY, _survey),
    Row("api:survey-close", API_POST_ONLY, _survey),
    Row("api:survey-ask", API_POST_ONLY, _survey),
    Row("api:survey-remind", API_POST_ONLY, _survey),
    Row("api:survey-metric", API_POST_ONLY, _survey),
    Row("api:survey-answer-list", API),
    Row("api:survey-answer-detail", API_INSIDE, _answer),
    Row("api:survey-sending-list", API),
    Row("api:survey-sending-detail", API_INSIDE, _sending),
]
