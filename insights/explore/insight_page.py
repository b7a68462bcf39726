"""An insight's page in one read: its chart, where it is used, and what was changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from insights.explore.charts.view import build_chart_view
from insights.explore.contracts import CHART_TYPES, CHARTS_BY_KIND, ChartView
from insights.explore.models import Insight
from insights.explore.queries import ask_draft, board_url, csv_url, explore_url, metric_url, people_link, products_of
from insights.questions.public import say_question
from portal.audit.public import history_of
from portal.people.public import can
from portal.shell.public import Offer, SearchHit, find_uses, offers_for

CALLER = "insights.insight_page"


@dataclass(frozen=True)
class InsightPage:
    """All that an insight's page shows."""

    view: ChartView | None
    is_pending: bool
    failure: str
    faults: list[str]
    words: str
    explore_url: str
    board_url: str
    metric_url: str
    used_by: list[SearchHit]
    history: Any
    may_edit: bool
    may_add: bool
    offers: list[Offer]
    chart_label: str


def build_insight_page(insight: Insight, *, user: Any, now: datetime, may_wait: bool = True) -> InsightPage:
    """Return the page of an insight; who may not wait gets the place of an answer that is still to be computed."""
    question = insight.question
    outcome = ask_draft(question, user=user, now=now, caller=CALLER, may_wait=may_wait)
    open_url = explore_url(question, insight.chart)
    view = None
    if outcome.answer is not None:
        view = build_chart_view(
            outcome.answer,
            insight.chart,
            key=f"insight-{insight.pk}",
            title=insight.title,
            csv_url=csv_url(question, insight.chart),
            open_url=open_url,
            people_url=people_link(question, products_of(question, user), user),
        )
    return InsightPage(
        view=view,
        is_pending=outcome.is_pending,
        failure=outcome.failure,
        faults=[f"{name}: {text}" for name, texts in outcome.errors.items() for text in texts],
        words=say_question(outcome.question.to_json()) if outcome.question and not outcome.errors else "",
        explore_url=open_url,
        board_url=board_url(question, insight.chart, title=insight.title) if outcome.question else "",
        metric_url=metric_url(question) if outcome.question else "",
        used_by=find_uses(insight, user),
        history=history_of(insight),
        may_edit=can(user, "insights.edit", insight),
        may_add=can(user, "insights.create"),
        offers=offers_for(insight, user),
        chart_label=CHART_TYPES.get(insight.chart, insight.chart) if question.get("kind") in CHARTS_BY_KIND else "",
    )
