"""Who may open the addresses of inlets."""

from insights.voice.intake.actions import create_inlet
from portal.people.public import SYSTEM
from tests.factories import make_channel
from tests.house.access_table import ROLES, Row, from_role, insiders, signed_in


def _inlet(world):
    values = {"name": "Help desk", "origin": "zendesk", "channel": make_channel("support")}
    return {"pk": create_inlet(world.product, actor=SYSTEM, **values)[0].pk}


POSTED = {**from_role("product_manager", 200, else_=403), "outsider": 404}

ROWS = [
    Row("intake:inlet-list", signed_in(200)),
    Row("intake:inlet-exchange", POSTED, _inlet, "post"),
    Row("intake:inlet-close", POSTED, _inlet),
    Row("intake_hooks:receive", dict.fromkeys(ROLES, 404), {"key": "0" * 24}, "post"),
    Row("api:inlet-list", signed_in(200, anonymous=401)),
    Row("api:inlet-detail", insiders(200, anonymous=401), _inlet),
    Row("api:inlet-exchange", {**POSTED, "anonymous": 401}, _inlet, "post"),
]
