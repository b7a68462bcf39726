"""The demo's alerts: the outage has fired one, and somebody has said what it was."""

import datetime as dt

from insights.alerts import demo
from insights.alerts.models import Alert, Incident
from insights.capture.demo.world import outage_on
from insights.dashboards.models import Annotation
from portal.messages.models import Delivery
from portal.operations.contracts import DemoWorld
from tests import factories
from tests.insights.alerts.conftest import events_of

END_ON = dt.date(2026, 11, 17)


def test_the_outage_has_fired_and_its_note_is_drawn(product, owner, source):
    days = [END_ON - dt.timedelta(days=back) for back in range(150)]
    rows = []
    for place, day in enumerate(days):
        n_errors = 260 if day == outage_on(END_ON) else 8 + place * 7 % 5
        rows += events_of(day, n_errors, "error shown", shift=1) + events_of(day, 30, "plan created", shift=300)
    factories.store_events(source, rows)
    world = DemoWorld(END_ON, 0, {"product_manager": owner})
    for _ in range(2):
        demo.seed_alerts(world, lambda done, total: None)
    incident = Incident.objects.get()
    assert (incident.alert.name, incident.started_on, incident.state) == (
        "Errors jumped",
        outage_on(END_ON),
        "resolved",
    )
    assert (incident.resolved_by, incident.note) == (owner, "Outage of four hours")
    assert incident.opened_at.date() == outage_on(END_ON) + dt.timedelta(days=1)
    assert Annotation.objects.get().text == incident.note
    assert set(incident.alert.people.all()) == {owner}
    assert incident.alert.readings.count() > 80
    assert not Delivery.objects.exists()
    assert Alert.objects.count() == 2
