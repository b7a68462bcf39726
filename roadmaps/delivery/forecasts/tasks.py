"""Work of this room that runs in a worker."""

from celery import shared_task

from portal.people.public import Product
from roadmaps.delivery.forecasts import making
from roadmaps.delivery.work.public import local_today


@shared_task(name="delivery.make_forecasts")
def make_forecasts(product_id: int) -> None:
    """Make the forecasts of a product."""
    product = Product.objects.filter(pk=product_id).first()
    if product is not None:
        making.make_forecasts(product, today=local_today())
        making.make_backtest(product, today=local_today())
