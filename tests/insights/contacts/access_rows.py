"""Who may open the addresses of contacts, records of accounts, consents and names of traits."""

import datetime as dt

from insights.contacts.models import AccountRecord, Ask, Consent, Contact, OptOut, TraitName
from insights.events.public import Account, DistinctId, default_id_space
from tests.house.access_table import Row, from_role, insiders, signed_in


def _person(world, key="no"):
    space = default_id_space(world.product)
    return {key: DistinctId.objects.get_or_create(id_space=space, distinct_id="ann")[0].no}


def _account(world, key="no"):
    space = default_id_space(world.product)
    return {key: Account.objects.get_or_create(id_space=space, account_id="acme")[0].no}


def _contact(world):
    return {"pk": Contact.objects.get_or_create(person_id=_person(world)["no"], defaults={"name": "Ann"})[0].pk}


def _record(world):
    return {"pk": AccountRecord.objects.get_or_create(account_id=_account(world)["no"])[0].pk}


def _consent(world):
    day = dt.date(2024, 1, 5)
    person = _person(world)["no"]
    consent, _ = Consent.objects.get_or_create(person_id=person, purpose="quote", given_on=day, proof="said so")
    return {"pk": consent.pk}


def _ask(world):
    person = _person(world)["no"]
    at = dt.datetime(2024, 1, 5, tzinfo=dt.UTC)
    return {"pk": Ask.objects.get_or_create(person_id=person, kind="call", about="reports", asked_at=at)[0].pk}


def _opt_out(world):
    return {"pk": OptOut.objects.get_or_create(person_id=_person(world)["no"], kind="survey")[0].pk}


def _trait_name(world):
    space = default_id_space(world.product)
    return {"pk": TraitName.objects.get_or_create(id_space=space, meaning="plan", key="tier")[0].pk}


# Written down by the team's product managers and by ops.
WRITERS = {**from_role("ops", 200, else_=403), "product_manager": 200}
POST_ONLY = signed_in(405, anonymous=401)
OPS = from_role("ops", 200, else_=403)
INSIDERS = insiders(200)
API = insiders(200, anonymous=401)
LIST = signed_in(200, anonymous=401)
SLUG = {"slug": "planner"}

ROWS = [
    Row("contacts:contact-new", WRITERS),
    Row("contacts:record-new", WRITERS),
    Row("contacts:contact-edit", WRITERS, _person),
    Row("contacts:record-edit", WRITERS, _account),
    Row("contacts:consent-new", WRITERS, _person),
    Row("contacts:contact-delete", {**WRITERS, "outsider": 404}, _contact),
    Row("contacts:record-delete", {**WRITERS, "outsider": 404}, _record),
    Row("contacts:consent-withdraw", {**WRITERS, "outsider": 404}, _consent),
    Row("contacts:consent-ending", signed_in(200)),
    Row("contacts:consent-home", signed_in(200)),
    Row("contacts:ask-list", insiders(200, else_=403), _person),
    Row("contacts:ask-new", WRITERS, _person),
    Row("contacts:opt-out-new", WRITERS, _person),
    Row("contacts:ask-release", {**WRITERS, "outsider": 404}, _ask),
    Row("contacts:opt-out-delete", {**WRITERS, "outsider": 404}, _opt_out),
    Row("contacts:contact-history", INSIDERS, _contact),
    Row("contacts:record-history", INSIDERS, _record),
    Row("contacts:trait-names", OPS, SLUG),
    Row("api:contact-list", LIST),
    Row("api:contact-detail", API, _contact),
    Row("api:account-record-list", LIST),
    Row("api:account-record-detail", API, _record),
    Row("api:consent-list", LIST),
    Row("api:consent-detail", API, _consent),
    Row("api:consent-withdraw", POST_ONLY, _consent),
    Row("api:ask-list", LIST),
    Row("api:ask-detail", API, _ask),
    Row("api:opt-out-list", LIST),
    Row("api:opt-out-detail", API, _opt_out),
    Row("api:trait-name-list", LIST),
    Row("api:trait-name-detail", API, _trait_name),
]
