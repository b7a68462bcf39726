"""The night's step: every product is learned of which there is any news, so that the morning's inbox knows it."""

from typing import Any

from insights.voice.suggestions.jobs import ask_to_learn, requeue_dead_learnings
from insights.voice.suggestions.models import Learning
from insights.voice.suggestions.reading import read_stamp
from portal.people.public import Product


def learn_all(night: Any) -> None:
    """Ask for a learning of each product of which there is news; workers learn beside the night's other steps."""
    requeue_dead_learnings()
    known = dict(Learning.objects.filter(state=Learning.State.DONE).values_list("product_id", "stamp"))
    products = list(Product.objects.order_by("name"))
    for number, product in enumerate(products, start=1):
        night.check_still_mine()
        stamp = read_stamp(product)
        is_news = known.get(product.pk) != stamp.text and bool(stamp.n_marks or stamp.n_pieces)
        if is_news:
            ask_to_learn(product)
        night.progress(number, len(products), f"{product}: {'is learned' if is_news else 'nothing new to learn'}")
