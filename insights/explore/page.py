"""The explore page in one read: the builder's fields, the pickers, and the answer or what is in its way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from insights.catalogue.public import EventNameInfo, list_event_names, sources_of_products
from insights.explore.builder.drafts import Draft, shaped, to_query
from insights.explore.builder.edits import switch_kind
from insights.explore.builder.fields import Builder, build_fields
from insights.explore.builder.gaps import prune
from insights.explore.builder.rows import Rows
from insights.explore.cohort_choices import cohort_choices
from insights.explore.contracts import CHART_TYPES, CHARTS_BY_KIND, ChartView
from insights.explore.picking import MOST_ON_PAGE, Pickers, build_pickers
from insights.explore.providing import insight_choices
from insights.explore.queries import Outcome, ask_draft, board_url, explore_url, metric_url, products_of, view_of
from insights.explore.state import State
from insights.questions.public import QUESTION_KINDS, Question, say_question, title_question
from portal.people.public import can

_ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Tokyo",
)


_SHORT = {"area": "Area", "heatmap": "Heat-map"}


@dataclass(frozen=True)
class Tab:
    """A link that changes one thing of the page's state."""

    value: str
    label: str
    url: str
    is_current: bool
    hint: str = ""


@dataclass(frozen=True)
class Example:
    """A question to start with, one click away."""

    title: str
    text: str
    url: str


@dataclass(frozen=True)
class ExplorePage:
    """All that the explore page shows."""

    builder: Builder
    pickers: Pickers
    kinds: list[Tab]
    charts: list[Tab]
    outcome: Outcome
    view: ChartView | None
    words: str
    query: str
    save_url: str
    update_url: str
    insight: str
    metric: str
    metric_url: str
    board_url: str
    share_url: str
    dashboard: str
    examples: list[Example]
    faults: list[tuple[str, str]]
    has_events: bool
    chart: str
    may_save: bool
    answer_url: str
    sources_url: str


def build_explore(state: State, *, user: Any, now: datetime, may_wait: bool = True) -> ExplorePage:
    """Return the whole page for a state; who may not wait gets the place of an answer that is still to be computed."""
    draft = state.draft
    products = products_of(draft, user)
    outcome = Outcome(failure=state.fault) if state.fault else ask_draft(draft, user=user, now=now, may_wait=may_wait)
    sources = sources_of_products([product.pk for product in products])
    events = list_event_names(sources, limit=MOST_ON_PAGE + 1)
    shown = shaped(draft)
    numbers = [product.pk for product in products]
    cohorts, insights = cohort_choices(draft, numbers, user), insight_choices(draft, numbers, user)
    rows = Rows(shown, outcome.errors, outcome.hints, state.focus, cohorts, insights)
    # What may not be asked is not told in words either: a saved insight in it may not be shared with the reader.
    question = outcome.question.to_json() if outcome.question and not outcome.errors else None
    return ExplorePage(
        builder=build_fields(
            shown,
            rows,
            products={product.slug: product.name for product in user.visible_products},
            zones=_zones(user),
            zone=settings.WORKSPACE_TIME_ZONE,
            resolved=_days_of(outcome.question),
        ),
        pickers=build_pickers(sources, events, shown),
        kinds=_kind_tabs(shown),
        charts=_chart_tabs(draft, state.chart),
        outcome=outcome,
        view=view_of(draft, state.chart, outcome, products, user),
        words=say_question(question) if question else "",
        query=state.query,
        save_url=f"{reverse('explore:insight-new')}?{to_query(prune(draft)[0], state.chart)}",
        update_url=_update_url(state),
        board_url=board_url(draft, state.chart, state.dashboard, title_question(question) if question else ""),
        share_url=explore_url(draft, state.chart),
        dashboard=state.dashboard,
        insight=state.insight,
        metric=state.metric,
        metric_url=metric_url(draft, state.metric) if question else "",
        examples=_examples(draft, events),
        faults=[(f"f-{name.replace('.', '-')}", text) for name, texts in outcome.errors.items() for text in texts],
        has_events=bool(events),
        chart=state.chart,
        may_save=can(user, "insights.create"),
        answer_url=f"{reverse('explore:explore')}?{state.query}&answer=now",
        sources_url=_sources_url(),
    )


def _kind_tabs(draft: Draft) -> list[Tab]:
    return [
        Tab(name, kind.title, _kind_url(draft, name), name == draft["kind"], kind.purpose)
        for name, kind in QUESTION_KINDS.items()
    ]


def _kind_url(draft: Draft, kind: str) -> str:
    """Return the address of the same matter asked as another kind; adoption begins with a product's features."""
    if kind != "adoption" or draft["kind"] == kind:
        return explore_url(switch_kind(draft, kind))
    product = "".join(str(slug) for slug in (draft.get("products") or [])[:1])
    return reverse("adoption:adoption") + (f"?product={quote(product)}" if product else "")


def _chart_tabs(draft: Draft, chart: str) -> list[Tab]:
    fitting = CHARTS_BY_KIND.get(draft["kind"], ())
    short = _SHORT if draft.get("view", "steps") == "steps" else {**_SHORT, "funnel": "Chart"}
    return [Tab(name, short.get(name, CHART_TYPES[name]), explore_url(draft, name), name == chart) for name in fitting]


def _examples(draft: Draft, events: list[EventNameInfo]) -> list[Example]:
    """Return questions about the most frequent events, each worth a look."""
    names = [event.name for event in events if not event.name.startswith("$")] or [event.name for event in events]
    scope = {key: draft[key] for key in ("products", "sources") if draft.get(key)}
    found = []

    def add(title: str, text: str, **question: Any) -> None:
        found.append(Example(title, text, explore_url({**question, **scope})))

    if names:
        series = [{"event": names[0], "measure": "persons"}]
        text = f"People who did “{names[0]}”, day by day"
        add("How many use it?", text, kind="trend", series=series, interval="day", date_from="-30d")
        everyone = [{"event": None, "measure": "weekly_active"}]
        text = "People active in the 7 days before, whatever they did"
        add("Is it growing?", text, kind="trend", series=everyone, interval="day", date_from="-90d")
        again = {"target": {"event": names[0]}, "returning": {"event": names[0]}}
        text = f"Of those who did “{names[0]}”, who does it again in later weeks"
        add("Do they come back?", text, kind="retention", interval="week", intervals=8, **again)
    if len(names) > 1:
        steps = [{"event": names[0]}, {"event": names[1]}]
        text = f"From “{names[0]}” to “{names[1]}” within 14 days"
        add("Where do they stop?", text, kind="funnel", steps=steps, date_from="-30d")
    if names:
        text = f"What people do after “{names[0]}”, step by step"
        add("What do they do next?", text, kind="paths", start={"event": names[0]}, date_from="-30d")
    return found


def _zones(user: Any) -> list[str]:
    return list(dict.fromkeys([settings.WORKSPACE_TIME_ZONE, user.time_zone, *_ZONES]))


def _sources_url() -> str:
    try:
        return reverse("sources:source-list")
    except NoReverseMatch:  # a portal without that room
        return ""


def _update_url(state: State) -> str:
    if not state.insight:
        return ""
    base = reverse("explore:insight-edit", args=[state.insight])
    return f"{base}?{to_query(prune(state.draft)[0], state.chart)}"


def _days_of(question: Question | None) -> tuple[str, str]:
    """Return the first and last day of a question's range, both "" where it has none yet."""
    if question is None:
        return "", ""
    last = question.period.end - timedelta(microseconds=1)
    return question.period.start.date().isoformat(), last.date().isoformat()
