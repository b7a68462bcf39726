"""Who may open the addresses of cohorts."""

from insights.cohorts.models import Cohort
from tests.factories import make_cohort
from tests.house.access_table import Row, from_role, insiders, signed_in


def _cohort(world):
    return {"slug": make_cohort(world.product, "Regulars", []).slug}


def _hidden(world):
    return {"slug": make_cohort(world.product, "Regulars", [], visibility="team").slug}


def _archived(world):
    kwargs = _cohort(world)
    Cohort.objects.update(archived_at="2026-01-01T00:00Z")
    return kwargs


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
EDITORS_HEARD = {**from_role("product_manager", 202, else_=403, anonymous=401), "outsider": 403}
EDITORS_SENT_ON = {**from_role("product_manager", 302, else_=403), "outsider": 403}

ROWS = [
    Row("cohorts:cohort-list", signed_in(200)),
    Row("cohorts:cohort-new", from_role("product_manager", 200, else_=403)),
    Row("cohorts:cohort-from-number", from_role("product_manager", 200, else_=403)),
    Row("cohorts:cohort-from-list", from_role("product_manager", 200, else_=403)),
    Row("cohorts:cohort-page", signed_in(200), _cohort),
    Row("cohorts:cohort-page", {**signed_in(200), "outsider": 404}, _hidden),
    Row("cohorts:cohort-members", insiders(200, else_=403), _cohort),
    Row("cohorts:cohort-edit", EDITORS, _cohort),
    Row("cohorts:cohort-list-again", EDITORS, _cohort),
    Row("cohorts:cohort-unknown", {**EDITORS, "product_manager": 404, "ops": 404, "admin": 404}, _cohort),
    Row("cohorts:cohort-archive", EDITORS, _cohort),
    Row("cohorts:cohort-delete", EDITORS, _cohort),
    Row("cohorts:cohort-count", EDITORS_SENT_ON, _cohort, method="post"),
    Row("cohorts:cohort-restore", EDITORS_SENT_ON, _archived, method="post"),
    Row("api:cohort-list", signed_in(200, anonymous=401)),
    Row("api:cohort-detail", signed_in(200, anonymous=401), _cohort),
    Row("api:cohort-detail", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden),
    Row("api:cohort-uses", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden),
    Row("api:cohort-members", insiders(200, else_=403, anonymous=401), _cohort),
    Row("api:cohort-history", signed_in(200, anonymous=401), _cohort),
    Row("api:cohort-refresh", EDITORS_HEARD, _cohort, method="post"),
    Row("api:cohort-archive", {**EDITORS, "anonymous": 401}, _cohort, method="post"),
    Row("api:cohort-restore", {**EDITORS, "anonymous": 401}, _archived, method="post"),
]
