"""Rollups written after the loads: the activity in each large part, and the first times of older months together.

The note of a part's activity says who did how much and when, so that pages of persons need not read events. The rollup
of first times is one file a source; with it a question about "first ever" reads each event and id once, however long
history is.
"""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from insights.events.engine import as_list, working_connection
from insights.events.manifest import parts_in_use, publish, writer_lock
from insights.events.models import Manifest, Part
from insights.events.parts import PartWriter, month_of, path_of

log = logging.getLogger(__name__)

_WORTH_NOTING = 50_000


def roll_up_firsts(now: dt.datetime | None = None) -> int:
    """Bring the rollup of each source up to date; returns how many were written.

    The current month and the one before stay out: most of what comes is of them, and each new part would make the
    rollup old.
    """
    this_month = month_of(now or timezone.now())
    settled_before = month_of(this_month - dt.timedelta(days=1))
    sources = parts_in_use(Part.Kind.FIRST_SEEN).filter(month__lt=settled_before).order_by("source_id")
    return sum(
        _roll_up(source_id, settled_before) for source_id in sources.values_list("source_id", flat=True).distinct()
    )


def _roll_up(source_id: int, settled_before: dt.date) -> int:
    with writer_lock() as base_version, working_connection() as duck:
        old = list(parts_in_use(Part.Kind.FIRST_EVER).filter(source=source_id))
        firsts = parts_in_use(Part.Kind.FIRST_SEEN).filter(source=source_id, month__lt=settled_before)
        fresh = [part for part in firsts.order_by("month", "pk") if not any(rollup.covers(part) for rollup in old)]
        if len(fresh) + len(old) < 2 or not fresh:
            return 0
        writer = PartWriter(duck)
        months = [part.month for part in (*old, *fresh)]
        try:
            writer.write_first_ever(as_list(path_of(part) for part in (*old, *fresh)), source_id, max(months))
            with transaction.atomic():
                publish(base_version, Manifest.Reason.COMPACTION, added=writer.written, removed=old)
        except BaseException:
            writer.discard()
            raise
    log.info("rolled up %s parts of first times of source %s", len(fresh), source_id)
    return 1


def note_activity(least_rows: int = _WORTH_NOTING) -> int:
    """Write the missing activity companions of events parts, a version for each; returns how many.

    Small parts go without: reading them is as quick, and the next merge writes them again anyway.
    """
    noted = parts_in_use(Part.Kind.ACTIVITY).values("stem")
    bare = parts_in_use(Part.Kind.EVENTS).filter(n_rows__gte=least_rows).exclude(stem__in=noted)
    return sum(_note_one(pk) for pk in list(bare.values_list("pk", flat=True)))


def _note_one(part_pk: int) -> int:
    with writer_lock() as base_version, working_connection() as duck:
        part = parts_in_use(Part.Kind.EVENTS).filter(pk=part_pk).first()
        if part is None or parts_in_use(Part.Kind.ACTIVITY).filter(stem=part.stem).exists():
            return 0
        writer = PartWriter(duck)
        try:
            writer.write_activity(part)
            with transaction.atomic():
                publish(base_version, Manifest.Reason.COMPACTION, added=writer.written)
        except BaseException:
            writer.discard()
            raise
    return 1
