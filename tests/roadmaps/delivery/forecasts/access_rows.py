"""Who may open the addresses of forecasts."""

import datetime as dt

from roadmaps.delivery.forecasts.making import make_forecasts
from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.delivery.work.models import WorkItem
from roadmaps.delivery.work.writing import write_items
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.releases.public import create_release
from tests.house.access_table import Row, signed_in
from tests.roadmaps.delivery.work.access_rows import SYSTEM, give, make_tracker, moved


def _initiative(world, visibility="team"):
    title = f"Forecast for {visibility}"
    made = create_initiative(product=world.product, title=title, visibility=visibility, actor=SYSTEM)
    tracker = make_tracker(world.product, f"Work of {made.pk}")
    write_items(tracker, [moved("P-1", (3, "In Progress"), (9, "Done")), give("P-2")])
    WorkItem.objects.filter(tracker=tracker).update(initiative=made)
    make_forecasts(world.product, today=dt.date(2026, 6, 10))
    return made


def initiative(world):
    return {"pk": _initiative(world).pk}


def release(world):
    made = _initiative(world)
    values = {"product": world.product, "name": f"Release of {made.pk}", "planned_on": dt.date(2026, 9, 1)}
    return {"pk": create_release(visibility="team", actor=SYSTEM, **values).pk}


def forecast(world):
    return {"pk": Forecast.objects.get(initiative=_initiative(world), is_newest=True).pk}


SEEN = {**signed_in(200), "outsider": 404}
ROWS = [
    Row("forecasts:forecast-list", signed_in(200)),
    Row("forecasts:forecast-list", signed_in(200), data={"looks": "kept", "kind": "initiative", "q": "x"}),
    Row("forecasts:forecast-now", signed_in(405)),
    Row("forecasts:forecast-now", signed_in(404), method="post", data={"product": "no-such-product"}),
    Row("forecasts:ask", signed_in(200)),
    Row("forecasts:coverage", signed_in(200)),
    Row("forecasts:initiative", SEEN, initiative),
    Row("forecasts:release", SEEN, release),
    Row("api:forecast-preview", signed_in(405, anonymous=401)),
    Row("api:forecast-preview", signed_in(400, anonymous=401), method="post"),
    Row("api:forecast-list", signed_in(200, anonymous=401)),
    Row("api:forecast-detail", {**signed_in(200, anonymous=401), "outsider": 404}, forecast),
    Row("api:forecast-coverage", signed_in(200, anonymous=401)),
]
