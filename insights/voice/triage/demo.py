"""The demo company's feedback that waits: written for it, so that the inbox is alive when it is first opened."""

from datetime import timedelta

from insights.events.public import DistinctId, IdSpace
from insights.voice.feedback.public import Channel, Feedback, add_feedback
from insights.voice.triage.demo_texts import LINES
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

ORIGIN = "demo inbox"


def seed_waiting(world: DemoWorld, progress: Progress) -> None:
    """Write down what waits for a decision; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None:
        return
    channels = {channel.slug: channel for channel in Channel.objects.all()}
    known = set(Feedback.objects.filter(product=product, origin=ORIGIN).values_list("origin_id", flat=True))
    names = [f"user-{number:05}" for number in range(9, 500, 11)]  # as the demo's events call people
    spaces = IdSpace.objects.filter(product=product)
    ids = list(DistinctId.objects.filter(id_space__in=spaces, distinct_id__in=names).order_by("no"))
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    for number, (key, kind, channel, days, language, text) in enumerate(LINES, start=1):
        if key not in known and channel in channels:
            add_feedback(
                product,
                actor=SYSTEM,
                today=world.ends_on,
                text=text,
                kind=kind,
                channel=channels[channel],
                said_on=world.ends_on - timedelta(days=days),
                language=language,
                person=ids[number * 3 % len(ids)].distinct_id if ids else "",
                owner=owner,
                origin=ORIGIN,
                origin_id=key,
            )
        progress(number, len(LINES), "feedback that waits")
