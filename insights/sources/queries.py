"""Reads of the source pages: sources with their last batch and promise, reason groups of the quarantine."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from insights.events.public import Batch, QuarantinedRow, Source
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
        .select_related("product", "owner")
        .annotate(
            last_loaded_at=Subquery(newest.values("finished_at")[:1]),
            data_until=Subquery(loads.order_by().values("source").annotate(m=Max("max_ts")).values("m")),
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
    """Whether a source keeps its promise: state is "fresh", "late", "none" (no promise) or "empty" (never loaded)."""

    state: str
    sentence: str


def freshness_of(source: Source, last_loaded_at: dt.datetime | None, now: dt.datetime) -> Freshness:
    """Compare the last load with the promise "new data by this time of day", in the source's zone."""
    if last_loaded_at is None:
        return Freshness("empty", "Nothing has been loaded yet.")
    if source.fresh_by is None:
        return Freshness("none", "No time is set by which new data should be there.")
    zone = ZoneInfo(source.time_zone)
    local = now.astimezone(zone)
    due = dt.datetime.combine(local.date(), source.fresh_by, tzinfo=zone)
    if local < due:
        due -= dt.timedelta(days=1)
    # A load of the night before the promise counts for its day.
    since = due - dt.timedelta(hours=24)
    if last_loaded_at > since:
        return Freshness("fresh", f"Loaded in time for {due:%-d %b %H:%M}.")
    return Freshness("late", f"Nothing was loaded for {due:%-d %b %H:%M}, as promised.")


def late_sources(user: Any) -> list[Source]:
    """Return the active sources that do not keep their promise."""
    now = timezone.now()
    promised = sources_with_facts(user).filter(state=Source.State.ACTIVE).exclude(fresh_by=None)
    return [source for source in promised if freshness_of(source, source.last_loaded_at, now).state == "late"]


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
