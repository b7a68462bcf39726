"""A key result's page in one read: its line and forecast, how usual the move is, its check-ins."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from insights.explore.public import ChartView
from insights.metrics.public import MetricValues, read_values
from portal.audit.public import HistoryEntry, history_of
from portal.people.public import can
from roadmaps.goals.key_result_chart import draw_key_result
from roadmaps.goals.models import CheckIn, KeyResult, TypedValue
from roadmaps.goals.reading import hidden_metrics
from roadmaps.goals.renewing import make_outlook, usual_moves
from roadmaps.goals.showing import KeyResultShown, say, say_moves, show_key_results

_MOST_SAID = 50
_MOST_OWN = 100


@dataclass(frozen=True)
class KeyResultPage:
    """All that a key result's page shows."""

    shown: KeyResultShown
    view: ChartView | None
    usual: str
    method: str
    elapsed: int
    check_ins: list[tuple[CheckIn, str]]
    typed: list[tuple[TypedValue, str]]
    history: list[HistoryEntry]
    may_edit: bool


def read_key_result_page(key_result: KeyResult, user: Any, *, now: datetime, today: date) -> KeyResultPage:
    """Return the page of a key result; its forecast is made of the values that it draws."""
    is_hidden = bool(hidden_metrics([key_result], user))
    values = None
    if key_result.metric_id and not is_hidden:
        values = read_values([key_result.metric.current], now=now)[key_result.metric.current_id]
        key_result.outlook = vars(make_outlook(key_result, values))
    ((_, shown),) = show_key_results([key_result], user=user, today=today)
    objective = key_result.objective
    check_ins = list(key_result.check_ins.select_related("by")[:_MOST_SAID])
    typed = list(key_result.typed_values.select_related("typed_by").order_by("-on", "-pk")[:_MOST_SAID])
    return KeyResultPage(
        shown=shown,
        view=draw_key_result(key_result, values) if values and values.points else None,
        usual=_say_usual(key_result, values) if values else "",
        method=_say_method(key_result),
        elapsed=round(100 * objective.cycle.elapsed_on(today)),
        check_ins=[(one, "" if is_hidden or one.value is None else say(one.value, key_result)) for one in check_ins],
        typed=[] if is_hidden else [(one, say(one.value, key_result)) for one in typed],
        history=history_of(key_result) if not is_hidden else [],
        may_edit=can(user, "objectives.edit", objective) and objective.is_open,
    )


def _say_usual(key_result: KeyResult, values: MetricValues) -> str:
    baseline, target = key_result.baseline, key_result.target
    if baseline == target:
        return ""
    moves = usual_moves(values, key_result.objective.cycle, baseline=baseline, target=target)
    return say_moves(moves, values.interval)


def _say_method(key_result: KeyResult) -> str:
    outlook = key_result.forecast
    if outlook is None or outlook.value is None or outlook.n_ahead == 0:
        return ""
    return (
        f"Forecast from {outlook.n_points} past values alone (Theta method): {say(outlook.value, key_result)} at the "
        f"end of the cycle; in four of five such forecasts the number ends within the interval. It knows of no plan."
    )


def read_mine(user: Any, *, today: date) -> tuple[list[tuple[KeyResult, KeyResultShown]], int]:
    """Return the key results that a person owns in cycles that run, and how much of the first one's cycle is over."""
    running = {"objective__cycle__starts_on__lte": today, "objective__cycle__ends_on__gte": today}
    own = KeyResult.objects.visible_to(user).open().filter(owner_id=user.pk, **running)
    found = own.of_rows().order_by("objective__cycle__ends_on", "pk")[:_MOST_OWN]
    rows = show_key_results(found, user=user, today=today)
    rows.sort(key=lambda row: not row[1].needs_check_in)
    return rows, round(100 * rows[0][0].objective.cycle.elapsed_on(today)) if rows else 0
