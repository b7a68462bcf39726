"""Reads for the explore page and insights: answers, or what is in their way, and who may see the people behind."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from insights.events.public import Source
from insights.explore.builder.drafts import Draft, to_query
from insights.explore.builder.gaps import find_gaps, place_faults, prune
from insights.explore.charts.reading import fixed_question
from insights.explore.charts.view import build_chart_view
from insights.explore.contracts import ChartView
from insights.questions.public import Question, ask, find_answer, parse_question, title_question
from portal.people.public import Product, is_insider
from portal.shell.public import BadInput, PortalError

CALLER = "insights.explore_page"
KINDS_OF_METRICS = ("trend", "funnel", "retention")  # those with one number a period


@dataclass(frozen=True)
class Outcome:
    """What asking came to: an answer, or faults by field, or what is still to be chosen, or a failure in words."""

    answer: dict[str, Any] | None = None
    question: Question | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    failure: str = ""

    @property
    def is_pending(self) -> bool:
        """Say whether the question is good and only waits to be computed."""
        return self.question is not None and self.answer is None and not self.failure


def explore_url(draft: Draft, chart: str = "") -> str:
    """Return the address of the explore page with a question."""
    return f"{reverse('explore:explore')}?{to_query(draft, chart)}"


def csv_url(draft: Draft, chart: str) -> str:
    """Return the address of an answer's numbers as CSV."""
    return f"{reverse('explore:answer-csv')}?{to_query(prune(draft)[0], chart)}"


def board_url(draft: Draft, chart: str, dashboard: str = "", title: str = "") -> str:
    """Return the address that puts a question on a dashboard, "" where there are no dashboards."""
    try:
        base = reverse("dashboards:tile-create")
    except NoReverseMatch:
        return ""
    more = {key: value for key, value in (("dashboard", dashboard), ("title", title)) if value}
    return f"{base}?{to_query(prune(draft)[0], chart)}" + (f"&{urlencode(more)}" if more else "")


def metric_url(draft: Draft, metric: str = "") -> str:
    """Return the address that makes a question a metric, or proposes it for one; "" where it cannot be one."""
    if draft.get("kind") not in KINDS_OF_METRICS:
        return ""
    try:
        base = reverse("metrics:proposal-new", args=[metric]) if metric else reverse("metrics:metric-new")
    except NoReverseMatch:  # a portal without that room
        return ""
    return f"{base}?{to_query(prune(draft)[0])}"


def ask_draft(draft: Draft, *, user: Any, now: datetime, caller: str = CALLER, may_wait: bool = True) -> Outcome:
    """Ask what a draft holds so far; what is in the way comes back in words, beside its field.

    Who may not wait gets the answer only if it is at hand: a page is there before a heavy question is done.
    """
    hints = find_gaps(draft)
    if hints:
        return Outcome(hints=hints)
    pruned, origins = prune(draft)
    question = None
    try:
        question = parse_question(pruned, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
        answer = ask(question, user=user, caller=caller) if may_wait else find_answer(question, user=user)
        return Outcome(answer=answer, question=question)
    except BadInput as error:
        return Outcome(errors=place_faults(error.fields, origins), question=question, failure=error.message)
    except PortalError as error:
        return Outcome(question=question, failure=error.message)


def products_of(draft: Draft, user: Any) -> list[Product]:
    """Return the products that a draft asks about and the user may see, by name or through its sources."""
    visible = user.visible_products
    slugs = draft.get("products")
    if isinstance(slugs, list) and slugs:
        return [product for product in visible if product.slug in slugs]
    sources = draft.get("sources")
    if isinstance(sources, list) and sources:
        found = Source.objects.filter(slug__in=[str(slug) for slug in sources]).values_list("product_id", flat=True)
        numbers = set(found)
        return [product for product in visible if product.pk in numbers]
    return []


def may_see_people(products: list[Product], user: Any) -> bool:
    """Say whether the user may see who is behind the numbers of all these products."""
    return bool(products) and all(is_insider(user, product.team_id) for product in products)


def people_link(draft: Draft, products: list[Product], user: Any) -> Any:
    """Return the maker of addresses of the people behind a cell, or None where the user may not see them."""
    if not may_see_people(products, user):
        return None
    base = f"{reverse('explore:people')}?{to_query(prune(draft)[0])}&cell="

    def link(cell: dict[str, Any]) -> str:
        return base + quote(_compact_json(cell), safe=":,")

    return link


def people_link_of_answer(answer: dict[str, Any], user: Any) -> Any:
    """Return the same for a stored answer: about the days that it covers, whenever it was computed."""
    question = fixed_question(answer)
    return people_link(question, products_of(question, user), user) if question else None


def _compact_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def view_of(draft: Draft, chart: str, outcome: Outcome, products: list[Product], user: Any) -> ChartView | None:
    """Return the chart of an outcome, linked to its people and its CSV."""
    if outcome.answer is None:
        return None
    query = to_query(prune(draft)[0], chart)
    return build_chart_view(
        outcome.answer,
        chart,
        key="answer",
        title=title_question(outcome.answer["facts"]["question"]),
        csv_url=csv_url(draft, chart),
        open_url=f"{reverse('explore:explore')}?{query}",
        people_url=people_link(draft, products, user),
    )


def draft_view(draft: Draft, chart: str, *, user: Any, now: datetime) -> ChartView:
    """Return the chart of a finished draft, for a file; faults raise."""
    question = parse_question(prune(draft)[0], now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    answer = ask(question, user=user, caller=CALLER)
    title = title_question(answer["facts"]["question"])
    return build_chart_view(answer, chart, key="answer", title=title, open_url=explore_url(draft, chart))


def default_products(user: Any) -> list[str]:
    """Return the product that a new question starts with: the chosen one, else one of the user's teams, else any."""
    products = user.visible_products
    chosen = [product for product in products if product.pk == user.current_product_id]
    own = [product for product in products if product.team_id in user.team_ids]
    return [product.slug for product in (chosen or own or products)[:1]]
