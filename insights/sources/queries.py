"""Reads of the source pages: sources with their last batch and promise, reason groups of the quarantine."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from insights.events.public import Batch, QuarantinedRow, Source, expected_since, is_late
from insights.sources.models import Upload
from portal.people.public import can


def sources_with_facts(user: Any) -> QuerySet[Source]:
    """Return the sources that a user may see, with what their lists show: last load, newest event, open rows."""
    loads = Batch.objects.filter(source=OuterRef("pk"), state=Batch.State.DONE)
    newest = loads.order_by("-finished_at")
    n_open = (
        QuarantinedRow.objects.filter(source=OuterRef("pk"), state=QuarantinedRow.State.OPEN)
        .order_by()
        .values("source")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        Source.objects.visible_to(user)
        .with_data_until()
        .select_related("product", "owner")
        .annotate(
            last_loaded_at=Subquery(newest.values("finished_at")[:1]),
            n_open_rows=Subquery(n_open),
            reading_error=Coalesce(
                "watched_folder__last_error", "sql_query__last_error", Value(""), output_field=TextField()
            ),
            n_events=Subquery(
                loads.order_by().values("source").annotate(n=SumOf("n_accepted") - SumOf("n_erased")).values("n")
            ),
            n_refused=Subquery(loads.order_by().values("source").annotate(n=SumOf("n_joins_refused")).values("n")),
        )
    )


def SumOf(name: str):  # noqa: N802 - reads as the aggregate that it makes
    """Return the sum of a column, 0 without rows."""
    return Coalesce(Sum(name), 0)


@dataclass(frozen=True)
class Freshness:
    """Whether a source keeps its promise: state is "fresh", "late", "none" (no promise) or "empty" (nor any event)."""

    state: str
    sentence: str


def freshness_of(source: Source, now: dt.datetime) -> Freshness:
    """Hold a source's newest event (`with_data_until`) against its promise "new data by this time of day"."""
    newest = source.data_until
    if source.fresh_by is None and newest is None:
        return Freshness("empty", "Nothing has been loaded yet.")
    if source.fresh_by is None:
        return Freshness("none", "No time is set by which new data should be there.")
    zone = ZoneInfo(source.time_zone)
    about = expected_since(source.fresh_by, source.time_zone, now).astimezone(zone)
    if not is_late(source.fresh_by, source.time_zone, newest, now):
        return Freshness("fresh", f"Events of {about:%-d %b} or later are there, as promised.")
    last = f"its newest event is of {newest.astimezone(zone):%-d %b %Y, %H:%M}" if newest else "it has none yet"
    by = f"{source.fresh_by:%H:%M}"
    return Freshness("late", f"{source} promises new data by {by}, of the day before at least, but {last}.")


def late_sources(user: Any) -> list[Source]:
    """Return the active sources that do not keep their promise."""
    now = timezone.now()
    promised = sources_with_facts(user).filter(state=Source.State.ACTIVE).exclude(fresh_by=None)
    return [source for source in promised if freshness_of(source, now).state == "late"]


@dataclass(frozen=True)
class ReasonGroup:
    """Open quarantined rows of one reason."""

    reason_code: str
    example: str
    n_rows: int
    first_at: dt.datetime
    last_at: dt.datetime


def reason_groups(rows: QuerySet[QuarantinedRow]) -> list[ReasonGroup]:
    """Group open rows by reason, the most common first."""
    found = (
        rows.order_by()
        .values("reason_code")
        .annotate(n=Count("pk"), example=Min("reason"), first=Min("created_at"), last=Max("created_at"))
        .order_by("-n", "reason_code")
    )
    return [ReasonGroup(row["reason_code"], row["example"], row["n"], row["first"], row["last"]) for row in found]


def visible_rows(user: Any) -> QuerySet[QuarantinedRow]:
    """Return the quarantined rows whose text a user may read: of their teams' products; ops all."""
    rows = QuarantinedRow.objects.select_related("batch", "source__product")
    if not user.is_active:
        return rows.none()
    if user.is_ops:
        return rows
    return rows.filter(Q(source__product__team_id__in=user.team_ids), source__in=Source.objects.visible_to(user))


def visible_batches(user: Any) -> QuerySet[Batch]:
    """Return the batches of the sources that a user may see."""
    return Batch.objects.filter(source__in=Source.objects.visible_to(user)).select_related("source", "created_by")


def waiting_uploads(user: Any) -> QuerySet[Upload]:
    """Return the files that were brought and not loaded yet, of the sources into which a user may load."""
    if not can(user, "sources.load"):
        return Upload.objects.none()
    waiting = Upload.objects.filter(batch=None).select_related("source")
    return waiting if user.is_ops else waiting.filter(source__product__team_id__in=user.team_ids)
