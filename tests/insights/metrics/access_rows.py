"""Who may open the addresses of metrics, of their versions and of their trees."""

from django.utils import timezone

from insights.metrics import actions
from insights.metrics.forming import read_definition
from portal.people.public import SYSTEM
from tests.house.access_table import Row, from_role, signed_in

PEOPLE = {"kind": "trend", "series": [{"event": "report opened", "measure": "persons"}], "interval": "week"}


def _define(world, **more):
    return read_definition(PEOPLE, product=world.product, actor=SYSTEM, now=timezone.now(), unit="people", **more)


def _metric(world, **fields):
    return actions.create_metric(_define(world), product=world.product, name="Readers", actor=SYSTEM, **fields)


def metric(world):
    return {"pk": _metric(world).pk}


def version(world):
    return {"pk": _metric(world).current_id}


def proposal(world):
    changed = _define(world, interval="month")
    return {"pk": actions.propose_version(_metric(world), changed, actor=SYSTEM, reason="Months say more.").pk}


def editors(status, *, else_=403, anonymous=302):
    """The team's product managers, ops and admins; others may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_, "outsider": else_}


def makers(status, *, else_=403, anonymous=302):
    """Every product manager, ops and admins."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_}


POST_ONLY = ["metric-star", "metric-certify", "metric-archive", "metric-refresh"]
API_POST_ONLY = ["metric-restore", "metric-star", "metric-certificate", "metric-refresh", "metric-parts"]

ROWS = [
    Row("metrics:metric-list", signed_in(200)),
    Row("metrics:metric-new", makers(200)),
    Row("metrics:metric-page", signed_in(200), metric),
    Row("metrics:metric-uses", signed_in(200), metric),
    Row("metrics:metric-history", signed_in(200), metric),
    Row("metrics:metric-csv", signed_in(200), metric),
    Row("metrics:metric-edit", editors(200), metric),
    Row("metrics:metric-tree", signed_in(200), metric),
    Row("metrics:metric-parts", editors(200), metric),
    *(Row(f"metrics:{name}", signed_in(405), metric) for name in POST_ONLY),
    Row("metrics:metric-star", signed_in(302), metric, "post", {"starred": "1"}),
    Row("metrics:metric-certify", from_role("ops", 302, else_=403), metric, "post", {"certified": "0"}),
    Row("metrics:metric-archive", editors(302), metric, "post", {"archived": "1"}),
    Row("metrics:proposal-new", makers(200), metric),
    Row("metrics:version-page", signed_in(200), version),
    Row("metrics:version-page", signed_in(200), proposal),
    Row("metrics:version-decide", signed_in(405), proposal),
    Row(
        "metrics:version-decide",
        {**signed_in(403), "ops": 302, "admin": 302},
        proposal,
        "post",
        {"act": "decline", "decision": "Weeks say enough."},
    ),
    Row("api:metric-list", signed_in(200, anonymous=401)),
    Row("api:metric-detail", signed_in(200, anonymous=401), metric),
    Row("api:metric-values", signed_in(200, anonymous=401), metric),
    Row("api:metric-restatements", signed_in(200, anonymous=401), metric),
    Row("api:metric-uses", signed_in(200, anonymous=401), metric),
    *(Row(f"api:{name}", signed_in(405, anonymous=401), metric) for name in API_POST_ONLY),
    Row("api:metric-version-list", signed_in(200, anonymous=401)),
    Row("api:metric-version-detail", signed_in(200, anonymous=401), version),
    Row("api:metric-version-values", signed_in(200, anonymous=401), version),
    Row("api:metric-version-refresh", signed_in(405, anonymous=401), version),
    Row("api:metric-proposal-list", signed_in(200, anonymous=401)),
    Row("api:metric-proposal-detail", signed_in(200, anonymous=401), proposal),
    *(
        Row(f"api:metric-proposal-{name}", signed_in(405, anonymous=401), proposal)
        for name in ("approve", "decline", "withdraw")
    ),
]
