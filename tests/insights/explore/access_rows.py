"""Who may open the addresses of explore and of insights."""

from insights.explore.models import Insight
from tests.factories import make_cohort
from tests.house.access_table import Row, from_role, insiders, signed_in

QUESTION = '{"kind":"trend","series":[{"event":"opened","measure":"persons"}],"products":["planner"]}'


def _insight(world):
    question = {"kind": "trend", "series": [{"event": "opened"}], "products": [world.product.slug]}
    fields = {"product": world.product, "team": world.team, "question": question, "chart": "line"}
    return {"pk": Insight.objects.create(title="Opened", visibility="company", **fields).pk}


def _rule(world):
    rule = {"did": True, "event": "opened", "filters": [], "at_least": 2, "last_days": 30}
    return {"slug": make_cohort(world.product, "Busy", [], kind="rule", definition={"rule": rule}).slug}


def _hidden_insight(world):
    kwargs = _insight(world)
    Insight.objects.filter(pk=kwargs["pk"]).update(visibility="team")
    return kwargs


ROWS = [
    Row("explore:explore", signed_in(200)),
    Row("explore:picks", signed_in(200), data={"what": "events", "products": "planner"}),
    Row("explore:people", insiders(400)),
    Row("explore:people-paths", signed_in(405)),
    Row("explore:people-paths", signed_in(400), method="post"),
    Row("explore:answer-csv", signed_in(400)),
    Row("explore:cohort-rule-new", from_role("product_manager", 200, else_=403)),
    Row("explore:cohort-rule-edit", {**from_role("product_manager", 200, else_=403), "outsider": 403}, _rule),
    Row("explore:insights", signed_in(200)),
    Row("explore:insight-new", from_role("product_manager", 200, else_=403)),
    Row("explore:insight", signed_in(200), _insight),
    Row("explore:insight", {**signed_in(200), "outsider": 404}, _hidden_insight),
    Row("explore:insight-edit", {**from_role("product_manager", 200, else_=403), "outsider": 403}, _insight),
    Row("explore:insight-edit", {**from_role("product_manager", 200, else_=403), "outsider": 404}, _hidden_insight),
    Row("explore:insight-delete", {**from_role("product_manager", 200, else_=403), "outsider": 403}, _insight),
    Row("explore:insight-star", signed_in(405), _insight),
    Row("explore:insight-star", signed_in(302), _insight, method="post", data={"starred": "1"}),
    Row("api:insight-list", signed_in(200, anonymous=401)),
    Row("api:insight-detail", signed_in(200, anonymous=401), _insight),
    Row("api:insight-detail", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden_insight),
    Row("api:insight-uses", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden_insight),
    Row("api:insight-answer", signed_in(200, anonymous=401), _insight),
    Row("api:insight-star", signed_in(405, anonymous=401), _insight),
]
