"""The demo company's feedback, tied to the people and accounts of its events."""

from datetime import timedelta
from typing import Any

from insights.cohorts.public import Cohort
from insights.events.public import DistinctId, IdSpace
from insights.voice.feedback.actions import add_feedback
from insights.voice.feedback.demo_texts import LINES
from insights.voice.feedback.models import Channel, Feedback
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

ORIGIN = "demo"
COHORTS = {"stopped": "Invited nobody", "heavy": "Heavy planners"}
_MOST_CALLED = 60


def ids_in(product: Product, who: str) -> list[str]:
    """Return ids of the persons of a demo cohort, or of anybody whom the product's events know."""
    cohort = Cohort.objects.filter(products=product, name=COHORTS.get(who, "")).select_related("current").first()
    if cohort and cohort.current and len(cohort.current.numbers):
        numbers = [int(no) for no in cohort.current.numbers[:_MOST_CALLED]]
        known = DistinctId.objects.filter(no__in=numbers)
    else:
        names = [f"user-{number:05}" for number in range(4, 400, 7)]  # as the demo's events call people
        known = DistinctId.objects.filter(id_space__in=IdSpace.objects.filter(product=product), distinct_id__in=names)
    return list(known.order_by("no").values_list("distinct_id", flat=True))


def seed_feedback(world: DemoWorld, progress: Progress) -> None:
    """Write the demo's feedback down; what is there already is left as it is."""
    products = {one.slug: one for one in Product.objects.select_related("team")}
    channels = {channel.slug: channel for channel in Channel.objects.all()}
    known = set(Feedback.objects.filter(origin=ORIGIN).values_list("origin_id", flat=True))
    callers: dict[tuple[str, str], list[str]] = {}
    for number, (key, who, slug, kind, channel, days, language, author, text) in enumerate(LINES, start=1):
        product = products.get(slug)
        if product is None or key in known or channel not in channels:
            continue
        if (slug, who) not in callers:
            callers[slug, who] = ids_in(product, who) if who else []
        ids = callers[slug, who]
        values: dict[str, Any] = {"kind": kind, "language": language, "author": author, "visibility": "company"}
        add_feedback(
            product,
            actor=SYSTEM,
            today=world.ends_on,
            text=text,
            channel=channels[channel],
            said_on=world.ends_on - timedelta(days=days),
            person=ids[number * 5 % len(ids)] if ids else "",
            owner=_owner(product),
            origin=ORIGIN,
            origin_id=key,
            **values,
        )
        progress(number, len(LINES), "feedback")


def _owner(product: Product) -> User | None:
    return User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
