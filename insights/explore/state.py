"""The explore page's state, read from its address: a draft of a question and a chart type."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.http import QueryDict

from insights.explore.builder.drafts import (
    Draft,
    fill_kind,
    finish_form,
    read_fields,
    read_json,
    start_draft,
    to_query,
    turn_paths,
)
from insights.explore.builder.edits import apply_edit
from insights.explore.contracts import CHARTS_BY_KIND, pick_chart

UNREADABLE = "This address holds no question that can be read. Start anew, or ask for the link again."


@dataclass(frozen=True)
class State:
    """What the address says: `is_form` means that the fields of the form came, and a short address waits."""

    draft: Draft
    chart: str
    focus: str = ""
    is_form: bool = False
    fault: str = ""
    dashboard: str = ""  # the slug of the dashboard that waits for this question
    insight: str = ""  # the number of the insight that is being changed
    metric: str = ""  # the number of the metric whose definition a change is thought of for

    @property
    def query(self) -> str:
        """Return the short query that holds all of it."""
        chart = self.chart if self.chart != pick_chart(self.draft["kind"]) else ""
        return to_query(self.draft, chart) + self._tail

    @property
    def _tail(self) -> str:
        pairs = (("dashboard", self.dashboard), ("insight", self.insight), ("metric", self.metric))
        return "".join(f"&{key}={quote(value)}" for key, value in pairs if value)


def read_state(params: QueryDict, default_products: Callable[[], list[str]], now: datetime) -> State:
    """Read `?q=…&chart=…`, or the fields of the form, or start with an empty trend.

    `default_products` is asked only where the address names none.
    """
    chart = params.get("chart", "")
    if "kind" in params:
        return _read_form(params, chart, now)
    fault = ""
    given = None
    if "q" in params:
        given = read_json(params["q"])
        fault = "" if given is not None else UNREADABLE
    if given is None:
        draft = start_draft("trend", default_products())
    else:
        if not given.get("products") and not given.get("sources"):
            given = {**given, "products": default_products()}
        draft = fill_kind({"kind": "trend", **given})
    return State(draft, pick_chart(draft["kind"], chart), fault=fault, **_origin(params))


def _read_form(params: QueryDict, chart: str, now: datetime) -> State:
    draft = turn_paths(read_fields(params.lists()), params.get("point", ""))
    if draft.get("kind") not in CHARTS_BY_KIND:
        draft["kind"] = "trend"
    month_ago = (now - timedelta(days=29)).date().isoformat()
    today = now.date().isoformat()
    zone = settings.WORKSPACE_TIME_ZONE
    draft = finish_form(draft, params.get("range", ""), today=today, month_ago=month_ago, zone=zone)
    draft, focus = apply_edit(draft, params.get("do", ""))
    return State(draft, pick_chart(draft["kind"], chart), focus, is_form=True, **_origin(params))


def _origin(params: QueryDict) -> dict[str, str]:
    numbers = {name: params.get(name, "") for name in ("insight", "metric")}
    found = {name: number if number.isascii() and number.isdecimal() else "" for name, number in numbers.items()}
    return {"dashboard": params.get("dashboard", "")[:80], **found}
