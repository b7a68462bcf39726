"""The night's step: whom to call next is found anew for each product, so that the morning's list is of that day."""

from typing import Any

from django.utils import timezone

from insights.voice.listening.models import CallList
from insights.voice.listening.picking import make_list
from portal.people.public import SYSTEM, Product


def make_lists(night: Any) -> None:
    """Make the list of each product that has not one of today yet; run again it goes on where it stopped."""
    products = list(Product.objects.select_related("team").order_by("name"))
    made = dict(CallList.objects.values_list("product", "made_at"))
    today = timezone.localdate()
    for number, product in enumerate(products, start=1):
        night.check_still_mine()
        is_done = product.pk in made and timezone.localdate(made[product.pk]) == today
        found = None if is_done else make_list(product, actor=SYSTEM, today=today)
        words = f"{found.suggestions.count()} people to call" if found else "made already"
        night.progress(number, len(products), f"{product}: {words}")
