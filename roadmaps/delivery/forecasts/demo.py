"""The demo company's forecasts: one a week of the last four months, as those nights would have made them."""

from datetime import timedelta

from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import Product
from roadmaps.delivery.forecasts.making import make_backtest, make_forecasts
from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.delivery.work.public import local_today

N_WEEKS = 16


def seed_forecasts(world: DemoWorld, progress: Progress) -> None:
    """Make the demo's forecasts of today; what is there already is left as it is."""
    product = Product.objects.filter(slug="planner").first()
    if product is None or Forecast.objects.filter(product=product).exists():
        return
    today = local_today()
    for week in range(N_WEEKS, 0, -1):
        make_forecasts(product, today=today - timedelta(weeks=week), looks_back=True)
        progress(N_WEEKS - week, N_WEEKS, "forecasts")
    make_forecasts(product, today=today)
    make_backtest(product, today=today)
    progress(N_WEEKS, N_WEEKS, "forecasts")
