"""The demo company's feedback, tied to the people and accounts of its events."""

import zlib
from collections import Counter
from datetime import date, timedelta
from typing import Any

from insights.cohorts.public import Cohort
from insights.contacts.public import source_ids_of
from insights.events.public import DistinctId, IdSpace, open_snapshot
from insights.voice.feedback.bulk import draft_feedback, known_origin_ids, write_drafts
from insights.voice.feedback.demo_texts import LINES, Line
from insights.voice.feedback.models import Channel
from portal.audit.public import record
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

ORIGIN = "demo"
COHORTS = {"stopped": "Invited nobody", "heavy": "Heavy planners"}

_FIRST_DAYS = """
    SELECT distinct_no, min(first_ts) AS first_ts FROM {first_seen}
    WHERE distinct_no IN (SELECT unnest($nos)) GROUP BY 1
"""


class Callers:
    """Who of a demo product's people says the next thing: one of the kind asked for, who was there by that day."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._known: dict[str, list[tuple[date, str]]] = {}
        self._n_said: Counter[str] = Counter()

    def next(self, who: str, day: date, *, but: frozenset[str] = frozenset()) -> str:
        """Return the id of one of those who have said least so far, or "" where nobody was there yet."""
        if who not in self._known:
            self._known[who] = self._read(who)
        there = [one for since, one in self._known[who] if since < day and one not in but]
        if not there:
            return ""
        chosen = min(there, key=lambda one: (self._n_said[one], zlib.crc32(one.encode())))  # in no order, each time
        self._n_said[chosen] += 1
        return chosen

    def _read(self, who: str) -> list[tuple[date, str]]:
        cohort = Cohort.objects.filter(products=self._product, name=COHORTS.get(who, "")).select_related("current")
        found = cohort.first()
        if found and found.current and len(found.current.numbers):
            known = DistinctId.objects.filter(no__in=[int(no) for no in found.current.numbers])
        else:
            names = [f"user-{number:05}" for number in range(4, 400, 7)]  # as the demo's events call people
            spaces = IdSpace.objects.filter(product=self._product)
            known = DistinctId.objects.filter(id_space__in=spaces, distinct_id__in=names)
        ids = dict(known.values_list("no", "distinct_id"))
        with open_snapshot(source_ids_of([self._product.pk]), caller="feedback.demo") as snapshot:
            first = dict(snapshot.execute(_FIRST_DAYS, {"nos": list(ids)}).tuples)
        return [(first[no].date() if no in first else date.min, one) for no, one in ids.items()]


def seed_feedback(world: DemoWorld, progress: Progress) -> None:
    """Write the demo's feedback down, a product's in one go; what is there already is left as it is."""
    channels = {channel.slug: channel for channel in Channel.objects.all()}
    slugs = {line.product for line in LINES}
    for number, product in enumerate(Product.objects.filter(slug__in=slugs).select_related("team"), start=1):
        lines = [line for line in LINES if line.product == product.slug and line.channel in channels]
        known = known_origin_ids(product, ORIGIN, [line.key for line in lines])
        _write(world, product, [line for line in lines if line.key not in known], channels)
        progress(number, len(slugs), "feedback")


def _write(world: DemoWorld, product: Product, lines: list[Line], channels: dict[str, Channel]) -> None:
    callers, drafts = Callers(product), []
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    for line in sorted(lines, key=lambda line: -line.days):
        said_on = world.ends_on - timedelta(days=line.days)
        values: dict[str, Any] = {"kind": line.kind, "language": line.language, "author": line.author}
        drafts.append(
            draft_feedback(
                product,
                today=world.ends_on,
                owner_id=owner.pk if owner else None,
                person=callers.next(line.who, said_on) if line.who else "",
                text=line.text,
                channel=channels[line.channel],
                said_on=said_on,
                visibility="company",
                origin=ORIGIN,
                origin_id=line.key,
                **values,
            )
        )
    if drafts:
        write_drafts(product, drafts)
        record(SYSTEM, "feedback.added", product, after={"n_pieces": len(drafts)})
