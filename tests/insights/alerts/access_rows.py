"""Who may open the addresses of alerts, incidents and days off."""

import datetime as dt

from django.utils import timezone

from insights.alerts import actions
from insights.alerts.contracts import Condition
from insights.alerts.models import Incident
from insights.alerts.series import Subject
from portal.people.public import SYSTEM
from tests.house.access_table import Row, signed_in

QUESTION = {"kind": "trend", "series": [{"event": "report opened"}], "interval": "day"}


def make_alert(world):
    subject = Subject("Reports", world.product, question={**QUESTION, "products": [world.product.slug]})
    return actions.create_alert(subject, Condition("unlike"), actor=SYSTEM, name="Reports fell")


def _alert(world):
    return {"pk": make_alert(world).pk}


def _incident(world):
    alert = make_alert(world)
    day = dt.date(2026, 11, 1)
    return {
        "pk": Incident.objects.create(
            alert=alert, first_label=str(day), last_label=str(day), started_on=day, sentence="Reports: 3.",
            opened_at=timezone.now(),
        ).pk
    }  # fmt: skip


def _day_off(world):
    return {
        "pk": actions.add_day_off(actor=SYSTEM, day=dt.date(2026, 12, 25), name="Holiday", product=world.product).pk
    }


def _dry_run(world):
    subject = Subject("Reports", world.product, question={**QUESTION, "products": [world.product.slug]})
    return {"pk": actions.ask_dry_run(subject, Condition("unlike"), actor=world.product_manager).pk}


def editors(status, *, else_=403, anonymous=302):
    """The team's product managers, ops and admins; others may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": else_, "outsider": else_}


SWITCHES = ["check", "pause", "resume", "archive", "restore"]
ROWS = [
    Row("alerts:alert-list", signed_in(200)),
    Row("alerts:alert-new", {**signed_in(200), "viewer": 403}),
    Row("alerts:alert-page", signed_in(200), _alert),
    Row("alerts:alert-edit", editors(200), _alert),
    *(Row(f"alerts:alert-{name}", signed_in(405), {"pk": 1}) for name in SWITCHES),
    *(Row(f"alerts:alert-{name}", editors(302), _alert, method="post") for name in SWITCHES),
    Row("alerts:incident-list", signed_in(200)),
    Row("alerts:incident-page", signed_in(200), _incident),
    *(Row(f"alerts:incident-{name}", signed_in(405), {"pk": 1}) for name in ("acknowledge", "snooze", "resolve")),
    Row("alerts:incident-acknowledge", editors(302), _incident, method="post"),
    Row("alerts:incident-snooze", editors(422), _incident, method="post"),
    Row("alerts:incident-resolve", editors(302), _incident, method="post", data={"note": "Outage"}),
    Row("alerts:day-off-list", signed_in(200)),
    Row("alerts:day-off-remove", signed_in(405), {"pk": 1}),
    Row("alerts:day-off-remove", editors(302), _day_off, method="post"),
    Row("api:alert-list", signed_in(200, anonymous=401)),
    Row("api:alert-detail", signed_in(200, anonymous=401), _alert),
    *(
        Row(f"api:alert-{name}", editors(200, anonymous=401), _alert, method="post")
        for name in ("pause", "resume", "check", "restore")
    ),
    Row("api:alert-dry-run", {**signed_in(400, anonymous=401)}, method="post"),
    Row("api:incident-list", signed_in(200, anonymous=401)),
    Row("api:incident-detail", signed_in(200, anonymous=401), _incident),
    Row("api:incident-acknowledge", editors(200, anonymous=401), _incident, method="post"),
    Row("api:incident-snooze", editors(400, anonymous=401), _incident, method="post"),
    Row("api:incident-resolve", editors(200, anonymous=401), _incident, method="post"),
    Row("api:day-off-list", signed_in(200, anonymous=401)),
    Row("api:day-off-detail", signed_in(200, anonymous=401), _day_off),
    Row("api:dry-run-list", signed_in(200, anonymous=401)),
    Row("api:dry-run-detail", {**signed_in(404, anonymous=401), "product_manager": 200}, _dry_run),
]
