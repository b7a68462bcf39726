"""Whose events a question may read: products and sources by slug, as far as the user may see them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from insights.catalogue.public import personal_properties
from insights.events.public import Source, may_see_people
from insights.questions.contracts import Question
from insights.questions.members import find_cohorts, named_cohorts, unseen_cohorts
from insights.questions.parsing import parse_question
from insights.questions.saved import named_insights, pin_insights, require_insights, unseen_insights
from portal.people.public import Product, is_insider
from portal.shell.public import BadInput, NotAllowed

_UNKNOWN = "There is no such {}, or it is not shared with you."


def list_sources(question: Question, user: Any) -> list[Source]:
    """Return the sources whose events exist for this question, in order of id; name every slug that is not there.

    Saved insights that it names are refused here too, where they are not shared with the user or do not fit.
    """
    require_insights(question, user)
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


def check_question(value: dict[str, Any], *, user: Any, now: datetime, default_zone: str) -> Question:
    """Return the question that a JSON value asks, if this user may ask it; every fault has its path."""
    question = parse_question(value, now=now, default_zone=default_zone)
    list_sources(question, user)
    find_cohorts(question, user)
    try:
        refuse_personal(question, user)
    except NotAllowed as error:
        raise BadInput(fields={"filters": [error.message]}) from error
    return question


def require_people(sources: list[Source], user: Any) -> None:
    """Refuse the list of people to those outside the products' teams: they see numbers alone."""
    if not all(may_see_people(user, source) for source in sources):
        raise NotAllowed("You may see these numbers, but not the people behind them. Ask the product's team.")


def refuse_personal(question: Question, user: Any) -> None:
    """Refuse a question that reads personal data of a product whose people this user may not see."""
    if reads_personal([question.to_json()], user)[0]:
        raise NotAllowed(
            "This question reads personal data, which is for the product's team and for ops. Leave that property out."
        )


def reads_personal(questions: Sequence[dict[str, Any]], user: Any) -> list[bool]:
    """Say of each question's JSON whether it reads what is not for this user: personal data, or a cohort not shared.

    What a saved insight reads counts as the question's own. At most four queries, however many questions, and two for
    insights where any are named.
    """
    if user.is_ops:
        return [False] * len(questions)
    hidden = unseen_insights(questions, user)
    full = pin_insights(questions)
    unseen = unseen_cohorts(full, user)
    named = _read_personal(full, user)
    return [
        is_personal or bool(unseen.intersection(named_cohorts(value)) or hidden.intersection(named_insights(question)))
        for is_personal, value, question in zip(named, full, questions, strict=True)
    ]


def _read_personal(questions: Sequence[dict[str, Any]], user: Any) -> list[bool]:
    wanted = [set(_properties(question)) for question in questions]
    if not any(wanted):
        return [False] * len(questions)
    named = {key: {slug for one in questions for slug in one.get(key) or []} for key in ("products", "sources")}
    fields = ("slug", "pk", "team_id")
    by_slug: dict[tuple[str, str], tuple[int, int]] = {}
    if named["products"]:
        rows = Product.objects.filter(slug__in=named["products"]).values_list(*fields)
        by_slug |= {("products", slug): (pk, team) for slug, pk, team in rows}
    if named["sources"]:
        rows = Source.objects.filter(slug__in=named["sources"])
        rows = rows.values_list("slug", "product_id", "product__team_id")
        by_slug |= {("sources", slug): (pk, team) for slug, pk, team in rows}
    strange = {slug: pk for slug, (pk, team) in by_slug.items() if not is_insider(user, team)}
    if not strange:
        return [False] * len(questions)
    personal = personal_properties(set(strange.values()), set().union(*wanted))
    return [
        any(
            (strange[key, slug], of, name) in personal
            for key in ("products", "sources")
            for slug in question.get(key) or []
            if (key, slug) in strange
            for of, name in pairs
        )
        for question, pairs in zip(questions, wanted, strict=True)
    ]


def _properties(value: Any) -> Iterator[tuple[str, str]]:
    """Yield (of, property) of every filter, breakdown and measure, wherever it stands in a question."""
    if isinstance(value, dict):
        if isinstance(value.get("property"), str):
            yield str(value.get("of") or "event"), value["property"]
        for inner in value.values():
            yield from _properties(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _properties(inner)


def _refuse_unknown(key: str, asked: tuple[str, ...], known: set[str]) -> None:
    faults = {f"{key}[{place}]": [_UNKNOWN.format(key[:-1])] for place, slug in enumerate(asked) if slug not in known}
    if faults:
        raise BadInput(fields=faults)
