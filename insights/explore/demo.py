"""Five insights of the demo company, one for each habit of asking: over time, a rate, a way, its length, who stays."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from insights.capture.demo.world import ONBOARDING, PLANNER
from insights.explore import actions
from insights.explore.models import Insight
from insights.questions.public import parse_question
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import Product, User

# title, description, tags, chart, question without its product
_INSIGHTS: tuple[tuple[str, str, list[str], str, dict[str, Any]], ...] = (
    (
        "Reports opened, by plan",
        "Which plans live in their reports. The pricing round looks at it each quarter.",
        ["reports", "pricing"],
        "line",
        {
            "kind": "trend",
            "series": [{"event": "report opened", "measure": "total"}],
            "interval": "week",
            "date_from": "-90d",
            "breakdown": [{"property": "plan", "of": "account"}],
        },
    ),
    (
        "Reports exported of those opened, in percent",
        "An export is a report that somebody takes to a meeting: the nearest thing to proof that it helped.",
        ["reports"],
        "line",
        {
            "kind": "trend",
            "series": [
                {"event": "report exported", "measure": "total"},
                {"event": "report opened", "measure": "total"},
            ],
            "formula": "100 * A / B",
            "interval": "week",
            "date_from": "-180d",
        },
    ),
    (
        "From sign-up to an invited teammate",
        "The onboarding that the Growth team works on, over two weeks from the sign-up.",
        ["onboarding"],
        "funnel",
        {"kind": "funnel", "steps": [{"event": event} for event in ONBOARDING], "date_from": "-90d"},
    ),
    (
        "What people do after they sign up",
        "Where the ways part in the first session.",
        ["onboarding"],
        "sankey",
        {"kind": "paths", "start": {"event": ONBOARDING[0]}, "steps": 5, "edges": 40, "date_from": "-30d"},
    ),
    (
        "Who comes back, counted from their own first day",
        "Whole weeks from each person's sign-up: a launch in the middle of a week does not bend it.",
        ["onboarding", "retention"],
        "heatmap",
        {
            "kind": "retention",
            "target": {"event": ONBOARDING[0]},
            "returning": {"event": None},
            "mode": "first_time",
            "interval": "week",
            "intervals": 9,
            "rolling": True,
            "date_from": "-9w",
        },
    ),
)


def seed_insights(world: DemoWorld, progress: Progress) -> None:
    """Save the demo's insights as its product manager; what is there already is left as it is."""
    product = Product.objects.filter(slug=PLANNER.slug).first()
    if product is None:
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    if owner is None:
        return
    known = set(Insight.objects.filter(product=product).values_list("title", flat=True))
    for number, (title, description, tags, chart, value) in enumerate(_INSIGHTS, start=1):
        if title not in known:
            asked = {**value, "products": [product.slug]}
            question = parse_question(asked, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
            told = {"title": title, "description": description, "tags": tags, "chart": chart}
            actions.create_insight(question, actor=owner, **told)
        progress(number, len(_INSIGHTS))
