"""From the people behind a number onward: kept as a cohort, and the paths that exactly they took."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from insights.cohorts.public import keep_in_passing, say_cell
from insights.explore.builder.drafts import Draft
from insights.explore.builder.gaps import prune
from insights.questions.public import FunnelQuestion, Question, parse_question, title_question

_DAY_US = 86_400_000_000


def cohort_url(question: dict[str, Any], cell: dict[str, Any], name: str) -> str:
    """Return the address that keeps those behind a number as a cohort."""
    small = {"separators": (",", ":"), "ensure_ascii": False}
    asked = {**question, "compare": None}
    pairs = {"question": json.dumps(asked, **small), "cell": json.dumps(cell, **small), "name": name}
    return f"{reverse('cohorts:cohort-from-number')}?{urlencode(pairs)}"


def has_paths(question: dict[str, Any], cell: dict[str, Any]) -> bool:
    """Say whether the paths of those behind a number can be asked: from the step of a funnel where they were last."""
    return question.get("kind") == "funnel" and question.get("view", "steps") == "steps" and bool(cell.get("step"))


def paths_words(cell: dict[str, Any]) -> str:
    """Return what the button to their paths says."""
    return "Paths of those who dropped out here" if cell.get("dropped") else "Paths from this step on"


def paths_draft(draft: Draft, cell: dict[str, Any], *, user: Any, now: datetime) -> Draft:
    """Return the paths of exactly those behind a funnel's number, from the step on where the funnel saw them last.

    They are kept in passing as a cohort. The range ends a window later than the funnel's, as its steps may.
    """
    question = parse_question(prune(draft)[0], now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    value = question.to_json()
    name = f"{title_question(value)}: {say_cell(cell, value)}"
    cohort = keep_in_passing({"question": value, "cell": cell}, actor=user, name=name)
    kept = {key: value[key] for key in ("products", "sources", "unit", "timezone", "week_start") if value.get(key)}
    filters = [*value["filters"], {"property": "cohort", "of": "cohort", "op": "in_cohort", "value": [cohort.slug]}]
    return {
        "kind": "paths",
        "start": _start(question, cell),
        **kept,
        "filters": filters,
        **_range(question, now),
        "steps": 5,
        "edges": 50,
        "session_gap": {"value": 30, "unit": "minute"},
    }


def _start(question: Question, cell: dict[str, Any]) -> dict[str, Any]:
    """Return the last step that all of them did; in any order nobody knows which, so any event."""
    if not isinstance(question, FunnelQuestion) or question.order == "any":
        return {"event": None, "filters": []}
    place = int(cell.get("step") or 1)
    steps = question.steps[: place - 1 if cell.get("dropped") else place]
    spec = next((step for step in reversed(steps) if not step.is_optional), question.steps[0])
    return {"event": spec.event, "filters": [item.to_json() for item in spec.filters]}


def _range(question: Question, now: datetime) -> dict[str, Any]:
    if question.date_to is None or not isinstance(question, FunnelQuestion):
        return {"date_from": question.date_from}
    n_days = -(-question.window.microseconds // _DAY_US)
    last = (question.period.end - timedelta(microseconds=1)).date() + timedelta(days=n_days)
    days = {"date_from": question.period.start.date().isoformat()}
    return days if last >= now.date() else {**days, "date_to": last.isoformat()}
