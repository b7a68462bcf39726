"""Who may open the addresses of retention."""

import datetime as dt

from insights.voice.retention.actions import create_rule
from portal.people.public import SYSTEM
from tests.house.access_table import Row, from_role, insiders, signed_in


def _rule(world):
    values = {"about": "feedback", "days": 365, "effect": "nameless", "today": dt.date(2026, 1, 1)}
    return {"pk": create_rule(world.product, actor=SYSTEM, **values).pk}


OPS_OF_THEIRS = {**from_role("ops", 302, else_=403), "outsider": 404}

ROWS = [
    Row("retention:rule-list", signed_in(200)),
    Row("retention:rule-list", from_role("ops", 422, else_=403), method="post", data={"days": 3}),
    Row("retention:rule-page", insiders(200), _rule),
    Row("retention:rule-delete", OPS_OF_THEIRS, _rule, "post"),
    Row("api:retention-rule-list", signed_in(200, anonymous=401)),
    Row("api:retention-rule-detail", insiders(200, anonymous=401), _rule),
    Row("api:retention-rule-preview", insiders(200, anonymous=401), _rule),
]
