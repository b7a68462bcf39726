"""Reads for the refresh pages and for Home."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from portal.people.public import can
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


def last_refresh(user: Any) -> LastRefresh:
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
    return LastRefresh(done, found.get(True), problems if sees_problems(user) else hidden(len(problems)))


def sees_problems(user: Any) -> bool:
    """Say whether a user may read what went wrong: the sentences name sources and files of every team."""
    return can(user, "refreshes.start")


def hidden(n_problems: int) -> list[str]:
    """Return what others read in place of problems."""
    if not n_problems:
        return []
    things = "One thing needs" if n_problems == 1 else f"{n_problems} things need"
    return [f"{things} a look by ops. The pages of your sources and tiles say how fresh they are."]
