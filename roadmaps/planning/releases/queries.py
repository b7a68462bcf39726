"""Reads of releases: what is in one, what came out when, and the calendar."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.releases.models import Release, ReleaseItem

MOST_OFFERED = 20
_MOST_IN_CALENDAR = 300


@dataclass
class Month:
    """A month of the calendar with its releases by day."""

    starts_on: dt.date
    releases: list[Release] = field(default_factory=list)

    @property
    def is_past(self) -> bool:
        """Say whether it is over."""
        return (self.starts_on.year, self.starts_on.month) < (timezone.localdate().year, timezone.localdate().month)


def contents_of(release: Release, user: Any) -> list[Initiative]:
    """Return what is in a release, as far as a reader may see it, in the order of the roadmap."""
    found = Initiative.objects.visible_to(user).filter(releases=release).of_rows()
    return list(found.order_by("position", "pk"))


def offered_for(release: Release, user: Any, text: str = "") -> list[Initiative]:
    """Return initiatives that could be put into a release: those of its product that are under way, in order."""
    taken = ReleaseItem.objects.filter(release=release).values("initiative")
    found = Initiative.objects.visible_to(user).open().filter(product=release.product_id).exclude(pk__in=taken)
    if text:
        found = found.matching(text)
    return list(found.of_rows().order_by("position", "pk")[:MOST_OFFERED])


def released_on(numbers: Collection[int]) -> dict[int, dt.date]:
    """Return on which local day each of some initiatives first came out, of those that did."""
    out = ReleaseItem.objects.filter(initiative__in=numbers, release__state=Release.State.RELEASED)
    firsts = out.order_by().values("initiative").annotate(first=Min("release__released_at"))
    return {row["initiative"]: timezone.localdate(row["first"]) for row in firsts}


def read_calendar(releases: QuerySet, user: Any, first: dt.date, end: dt.date) -> list[Month]:
    """Return the months from one first day up to another, with what comes out in each; cancelled ones are left out.

    `releases` may be narrowed before; two statements, however many there are.
    """
    zone = timezone.get_current_timezone()
    since, until = (dt.datetime.combine(day, dt.time(), zone) for day in (first, end))
    planned = Q(state=Release.State.PLANNED, planned_on__gte=first, planned_on__lt=end)
    out = Q(state=Release.State.RELEASED, released_at__gte=since, released_at__lt=until)
    found = list(releases.filter(planned | out).of_rows().order_by("planned_on", "pk")[:_MOST_IN_CALENDAR])
    items = ReleaseItem.objects.visible_to(user).filter(release__in=[one.pk for one in found])
    inside: dict[int, list[Initiative]] = {}
    for item in items.select_related("initiative").order_by("initiative__position", "initiative_id"):
        inside.setdefault(item.release_id, []).append(item.initiative)
    months, at = {}, first.replace(day=1)
    while at < end:
        months[(at.year, at.month)] = Month(at)
        at = dt.date(at.year + at.month // 12, at.month % 12 + 1, 1)
    for one in sorted(found, key=lambda release: (release.on, release.pk)):
        one.shown = inside.get(one.pk, [])
        one.is_late = not one.is_out and one.planned_on < timezone.localdate()
        months[(one.on.year, one.on.month)].releases.append(one)
    return list(months.values())
