"""Reads for the refresh pages and for Home."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from portal.refresh.models import LIVE, Refresh, State


@dataclass(frozen=True)
class LastRefresh:
    """What Home says about the newest finished refresh and the one that runs."""

    finished: Refresh | None
    live: Refresh | None
    problems: list[str]


def list_refreshes() -> QuerySet[Refresh]:
    """Return refreshes, newest first, with counts of their steps and rows."""
    refreshes = Refresh.objects.select_related("started_by").order_by("-pk")
    return refreshes.annotate(
        n_steps=Count("steps"),
        n_finished=Count("steps", filter=Q(steps__state__in=[State.DONE, State.FAILED])),
        n_failed=Count("steps", filter=Q(steps__state=State.FAILED)),
        rows_in=Sum("steps__rows_in"),
        rows_out=Sum("steps__rows_out"),
        rows_quarantined=Sum("steps__rows_quarantined"),
    )


def last_refresh() -> LastRefresh:
    """Return the newest finished and the live refresh, and what went wrong in the finished one."""
    live = Refresh.objects.filter(state__in=LIVE).order_by("-pk")[:1]
    finished = Refresh.objects.exclude(state__in=LIVE).order_by("-pk")[:1]
    newest = Refresh.objects.filter(Q(pk__in=live.values("pk")) | Q(pk__in=finished.values("pk")))
    found = {one.state in LIVE: one for one in newest.prefetch_related("steps")}
    done = found.get(False)
    problems: list[str] = []
    for step in done.steps.all() if done else []:
        problems += [f"{step.label}: {step.error}"] if step.error else []
        problems += [f"{step.label}: {sentence}" for sentence in step.problems]
    return LastRefresh(done, found.get(True), problems)
