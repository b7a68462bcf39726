"""Who may open the addresses of persons and accounts."""

from insights.events.public import Account, DistinctId, PersonJoin, Source
from insights.persons.models import PersonJob
from portal.people.models import Product
from tests.factories import make_source, store_events
from tests.house.access_table import Row, from_role, insiders, signed_in

AT = "2024-01-05T10:00:00+00:00"


def _filled(world):
    # The roles of one row share a world.
    if not Source.objects.exists():
        rows = [
            {"event": "opened", "distinct_id": who, "account_id": "acme", "timestamp": AT} for who in ("ann", "bob")
        ]
        joins = [{"kind": "identify", "distinct_id": "anon", "person_id": "ann", "timestamp": AT}]
        store_events(make_source(world.product), rows, joins=joins)


def _person(world, key="no"):
    _filled(world)
    return {key: DistinctId.objects.get(distinct_id="ann").no}


def _hidden_person(world):
    Product.objects.filter(pk=world.product.pk).update(visibility="team")
    return _person(world)


def _account(world, key="no"):
    _filled(world)
    return {key: Account.objects.get(account_id="acme").no}


def _join(world, key="join_id"):
    _filled(world)
    return {key: PersonJoin.objects.get().pk}


def _job(world, key="job_id"):
    person = _person(world)["no"]
    space = Source.objects.get().id_space
    return {key: PersonJob.objects.get_or_create(kind="erase", id_space=space, person_no=person)[0].pk}


INSIDERS = insiders(200, else_=403)
API_INSIDERS = insiders(200, else_=403, anonymous=401)
OPS = from_role("ops", 200, else_=403)
POST_ONLY = signed_in(405)
API_POST_ONLY = signed_in(405, anonymous=401)
# Faults of what is sent, for those who may send it.
API_OPS = from_role("ops", 200, else_=403, anonymous=401)
API_OPS_BAD = from_role("ops", 400, else_=403, anonymous=401)
PRODUCT = {"product": "planner"}

ROWS = [
    Row("persons:person-list", signed_in(200)),
    Row("persons:person-list", INSIDERS, data=PRODUCT),
    Row("persons:account-list", signed_in(200)),
    Row("persons:account-list", INSIDERS, data=PRODUCT),
    Row("persons:refusal-list", signed_in(200)),
    Row("persons:person-page", INSIDERS, _person),
    Row("persons:person-page", insiders(200), _hidden_person),
    Row("persons:account-page", INSIDERS, _account),
    Row("persons:person-story", INSIDERS, _person),
    Row("persons:person-twins", INSIDERS, _person),
    Row("persons:person-twins", insiders(200), _hidden_person),
    Row("persons:account-weeks", INSIDERS, _account),
    Row("persons:account-story", INSIDERS, _account),
    Row("persons:person-export", POST_ONLY, _person),
    Row("persons:person-export", OPS, _person, method="post"),
    Row("api:person-story", API_INSIDERS, lambda world: _person(world, "pk")),
    Row("api:account-story", API_INSIDERS, lambda world: _account(world, "pk")),
    Row("api:person-export", API_POST_ONLY, lambda world: _person(world, "pk")),
    Row("api:person-export", API_OPS, lambda world: _person(world, "pk"), method="post"),
    Row("persons:person-merge", OPS, _person),
    Row("persons:person-merge", from_role("ops", 200, else_=403), _person, method="post"),
    Row("persons:person-erase", OPS, _person),
    Row("persons:person-erase", from_role("ops", 422, else_=403), _person, method="post", data={"confirm": "bob"}),
    Row("persons:job-list", OPS),
    Row("persons:job-page", OPS, _job),
    Row("persons:job-cancel", POST_ONLY, _job),
    Row("persons:join-undo", POST_ONLY, _join),
    Row("api:person-list", API_INSIDERS, data=PRODUCT),
    Row("api:person-detail", API_INSIDERS, lambda world: _person(world, "pk")),
    Row("api:person-events", API_INSIDERS, lambda world: _person(world, "pk")),
    Row("api:person-merge", API_POST_ONLY, lambda world: _person(world, "pk")),
    Row("api:person-merge", API_OPS_BAD, lambda world: _person(world, "pk"), method="post"),
    Row("persons:person-look", POST_ONLY, _person),
    Row("persons:person-look", from_role("ops", 302, else_=403), _person, method="post"),
    Row("api:person-look", API_POST_ONLY, lambda world: _person(world, "pk")),
    Row(
        "api:person-look",
        from_role("ops", 202, else_=403, anonymous=401),
        lambda world: _person(world, "pk"),
        method="post",
    ),
    Row("api:person-erase", API_POST_ONLY, lambda world: _person(world, "pk")),
    Row("api:person-erase", API_OPS_BAD, lambda world: _person(world, "pk"), method="post"),
    Row("api:person-job-list", API_OPS),
    Row("api:person-job-detail", API_OPS, lambda world: _job(world, "pk")),
    Row("api:person-job-cancel", API_POST_ONLY, lambda world: _job(world, "pk")),
    Row("api:account-list", API_INSIDERS, data=PRODUCT),
    Row("api:account-detail", API_INSIDERS, lambda world: _account(world, "pk")),
    Row("api:person-join-list", signed_in(200, anonymous=401)),
    Row("api:person-join-detail", insiders(200, anonymous=401), lambda world: _join(world, "pk")),
    Row("api:person-join-undo", API_POST_ONLY, lambda world: _join(world, "pk")),
]
