"""Who may open the addresses of metrics and of their versions."""

from django.utils import timezone

from insights.metrics import actions
from insights.metrics.forming import read_definition
from portal.people.public import SYSTEM
from tests.house.access_table import Row, signed_in

PEOPLE = {"kind": "trend", "series": [{"event": "report opened", "measure": "persons"}], "interval": "week"}


def _define(world, **more):
    return read_definition(PEOPLE, product=world.product, actor=SYSTEM, now=timezone.now(), unit="people", **more)


def _metric(world, **fields):
    return actions.create_metric(_define(world), product=world.product, name="Readers", actor=SYSTEM, **fields)


def metric(world):
    return {"pk": _metric(world).pk}


def version(world):
    return {"pk": _metric(world).current_id}


ROWS = [
    Row("metrics:metric-list", signed_in(200)),
    Row("metrics:metric-page", signed_in(200), metric),
    Row("metrics:metric-uses", signed_in(200), metric),
    Row("metrics:metric-history", signed_in(200), metric),
    Row("metrics:metric-csv", signed_in(200), metric),
    Row("metrics:version-page", signed_in(200), version),
]
