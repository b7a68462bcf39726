"""From a tile's own question to the one asked: the dashboard's product, dates and filters laid over it. Pure."""

import hashlib
import json
from datetime import date
from typing import Any

from insights.dashboards.contracts import Scope

_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}

_LETTERS = {name[0]: name for name in _DAYS}


def scoped_question(
    question: dict[str, Any], scope: Scope, *, product: str, keeps_own_dates: bool = False, today: date | None = None
) -> dict[str, Any]:
    """Return the question that a tile asks on its dashboard.

    A question that names neither products nor sources is about the dashboard's product. Filters are added to the
    question's own. Dates replace the question's own, unless the tile keeps its own; a retention question, which counts
    from its first day, then shows the newest intervals of the range: its own number of them, or as many as fit.

    >>> scoped_question({"kind": "trend", "date_from": "-7d"}, Scope("-30d"), product="planner")["date_from"]
    '-30d'
    """
    asked = dict(question)
    if not asked.get("products") and not asked.get("sources"):
        asked["products"] = [product]
    if scope.filters:
        asked["filters"] = [*asked.get("filters", []), *scope.filters]
    if scope.date_from and not keeps_own_dates:
        asked["date_from"] = scope.date_from
        asked.pop("date_to", None)
        if scope.date_to:
            asked["date_to"] = scope.date_to
        if asked.get("kind") == "retention":
            _fit_retention(asked, scope, today)
    return asked


def _fit_retention(asked: dict[str, Any], scope: Scope, today: date | None) -> None:
    days = span_days(scope, today)
    interval = asked.get("interval", "week")
    if days is None or interval not in _DAYS:
        return
    fitting = -(-days // _DAYS[interval])
    asked["intervals"] = max(2, min(int(asked.get("intervals", 8)), fitting))
    asked["date_from"] = f"-{asked['intervals']}{interval[0]}"


def span_days(scope: Scope, today: date | None) -> int | None:
    """Return how many days the scope's range has, None when that cannot be told."""
    text = scope.date_from
    if text.startswith("-") and text[1:-1].isdigit() and text[-1] in _LETTERS:
        return int(text[1:-1]) * _DAYS[_LETTERS[text[-1]]]
    try:
        first = date.fromisoformat(text)
        last = date.fromisoformat(scope.date_to) if scope.date_to else today
    except ValueError:
        return None
    return (last - first).days + 1 if last and last >= first else None


def answer_key(question: dict[str, Any]) -> str:
    """Return the name under which a question's answer is stored: equal values, equal names; 64 hex digits.

    Relative dates stay relative in it, so that yesterday's answer is found, shown and renewed today.
    """
    text = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
