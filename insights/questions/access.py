"""Whose events a question may read: products and sources by slug, as far as the user may see them."""

from typing import Any

from insights.events.public import Source, may_see_people
from insights.questions.contracts import Question
from portal.people.public import Product
from portal.shell.public import BadInput, NotAllowed

_UNKNOWN = "There is no such {}, or it is not shared with you."


def list_sources(question: Question, user: Any) -> list[Source]:
    """Return the sources whose events exist for this question, in order of id; name every slug that is not there."""
    if not question.products and not question.sources:
        raise BadInput(fields={"products": ["Name at least one product or source; a question never means all."]})
    visible = Source.objects.visible_to(user).select_related("product").order_by("pk")
    if question.sources:
        found = list(visible.filter(slug__in=question.sources))
        _refuse_unknown("sources", question.sources, {source.slug for source in found})
        return found
    products = Product.objects.visible_to(user).filter(slug__in=question.products)
    _refuse_unknown("products", question.products, set(products.values_list("slug", flat=True)))
    return list(visible.filter(product__slug__in=question.products))


def require_people(sources: list[Source], user: Any) -> None:
    """Refuse the list of people to those outside the products' teams: they see numbers alone."""
    if not all(may_see_people(user, source) for source in sources):
        raise NotAllowed("You may see these numbers, but not the people behind them. Ask the product's team.")


def _refuse_unknown(key: str, asked: tuple[str, ...], known: set[str]) -> None:
    faults = {f"{key}[{place}]": [_UNKNOWN.format(key[:-1])] for place, slug in enumerate(asked) if slug not in known}
    if faults:
        raise BadInput(fields=faults)
