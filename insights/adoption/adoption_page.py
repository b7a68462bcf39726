"""The page “Adoption” in one read: a product's features, their use over time, and the engagement score."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from insights.adoption.models import Feature
from insights.adoption.questions import INTERVALS, RANGES, UNITS, adoption_question
from insights.explore.public import (
    ChartView,
    ask_draft,
    board_url,
    build_chart_view,
    csv_url,
    explore_url,
    people_link,
    products_of,
)
from portal.people.public import Product, can

CALLER = "insights.adoption_page"


@dataclass(frozen=True)
class Choice:
    """A select of the page, with what is chosen."""

    name: str
    label: str
    value: str
    options: dict[str, str]


@dataclass(frozen=True)
class AdoptionPage:
    """All that the page shows."""

    product: Product | None
    choices: list[Choice]
    n_features: int = 0
    scores: ChartView | None = None
    view: ChartView | None = None
    is_pending: bool = False
    answer_url: str = ""
    failure: str = ""
    explore_url: str = ""
    board_urls: list[tuple[str, str]] = field(default_factory=list)
    features_url: str = ""
    may_create: bool = False


def build_adoption_page(params: QueryDict, *, user: Any, now: datetime) -> AdoptionPage:
    """Return the page; who does not ask to wait gets the place of an answer that is still to be computed."""
    products = {product.slug: product for product in user.visible_products}
    product = _product(params, products, user)
    options = {
        "date_from": _pick(params, "range", RANGES, "-12w"),
        "interval": _pick(params, "interval", INTERVALS, "week"),
        "unit": _pick(params, "unit", UNITS, "person"),
    }
    choices = [
        Choice("product", "Product", product.slug if product else "", {key: one.name for key, one in products.items()}),
        Choice("range", "Range", options["date_from"], RANGES),
        Choice("interval", "Interval", options["interval"], INTERVALS),
        Choice("unit", "Count", options["unit"], UNITS),
    ]
    if product is None:
        return AdoptionPage(None, choices)
    features = list(Feature.objects.visible_to(user).of_product(product))
    may_create = can(user, "features.create", product)
    features_url = f"{reverse('adoption:feature-list')}?product={product.slug}"
    if not features:
        return AdoptionPage(product, choices, features_url=features_url, may_create=may_create)
    question = adoption_question(product, features, **options)
    outcome = ask_draft(question, user=user, now=now, caller=CALLER, may_wait=params.get("answer") == "now")
    asked = params.copy()
    asked["answer"] = "now"
    view = scores = None
    if outcome.answer is not None:
        people = people_link(question, products_of(question, user), user)
        title = f"Share of active {UNITS[options['unit']].lower()} that use each feature"
        common = {"open_url": explore_url(question, "line"), "people_url": people}
        view = build_chart_view(
            outcome.answer, "line", key="features", title=title, csv_url=csv_url(question, "line"), **common
        )
        scores = build_chart_view(
            outcome.answer,
            "number",
            key="score",
            title="Engagement score",
            csv_url=csv_url(question, "number"),
            **common,
        )
    return AdoptionPage(
        product=product,
        choices=choices,
        n_features=len(features),
        scores=scores,
        view=view,
        is_pending=outcome.is_pending,
        answer_url=f"?{asked.urlencode()}",
        failure=outcome.failure,
        explore_url=explore_url(question, "line"),
        board_urls=[
            ("the lines", board_url(question, "line", title=f"Adoption of {product.name}'s features")),
            ("the score", board_url(question, "number", title=f"Engagement with {product.name}")),
        ],
        features_url=features_url,
        may_create=may_create,
    )


def _product(params: QueryDict, products: dict[str, Product], user: Any) -> Product | None:
    """Return the product asked for, else the reader's own, else the first."""
    wanted = products.get(params.get("product", ""))
    own = next((one for one in products.values() if one.pk == user.current_product_id), None)
    return wanted or own or next(iter(products.values()), None)


def _pick(params: QueryDict, name: str, options: dict[str, str], default: str) -> str:
    value = params.get(name, "")
    return value if value in options else default
