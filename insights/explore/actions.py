"""Saving, changing, deleting and starring insights."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.events.public import Source
from insights.explore.contracts import pick_chart
from insights.explore.models import Insight, InsightStar
from insights.questions.public import Question, named_insights, require_insights
from portal.audit.public import record, state_of
from portal.people.public import Product, can_see, require
from portal.shell.public import BadInput, NotFound, refuse_stale, refuse_unknown

_FIELDS = frozenset({"title", "description", "question", "chart", "tags", "visibility", "owner"})
_MAX_TAGS = 20


def tidy_tags(tags: list[str]) -> list[str]:
    """Return tags in small letters, each once."""
    found = list(dict.fromkeys(" ".join(tag.split()).lower() for tag in tags if tag.strip()))
    if len(found) > _MAX_TAGS or any(len(tag) > 40 for tag in found):
        raise BadInput(fields={"tags": [f"Give at most {_MAX_TAGS} tags of at most 40 characters."]})
    return found


def product_of(question: Question, actor: Any) -> Product:
    """Return the product that a question is about, the first of several; the actor must see it."""
    visible = Product.objects.visible_to(actor).select_related("team")
    if question.products:
        found = visible.filter(slug=question.products[0]).first()
    else:
        sources = Source.objects.filter(slug__in=question.sources).values("product_id")
        found = visible.filter(pk__in=sources).order_by("pk").first()
    if found is None:
        raise BadInput(fields={"question.products": ["Name a product or a source that you may see."]})
    return found


def _check_insights(question: Question, actor: Any, insight: Insight | None = None) -> dict[str, Any]:
    """Return the JSON to save, if the insights that it names are the actor's to use, and it does not name itself."""
    value = question.saved_json()
    if insight is not None and insight.pk in named_insights(value):
        raise BadInput(fields={"question.series": ["An insight cannot take its number from itself. Name another."]})
    try:
        require_insights(question, actor)
    except BadInput as error:
        raise BadInput(fields={f"question.{path}": said for path, said in error.fields.items()}) from error
    return value


@transaction.atomic
def create_insight(
    question: Question,
    *,
    title: str,
    actor: Any,
    chart: str = "",
    description: str = "",
    tags: list[str] | None = None,
    visibility: str = "company",
) -> Insight:
    """Save a question; it belongs to its product's team, and to the actor."""
    product = product_of(question, actor)
    insight = Insight(
        product=product,
        team=product.team,
        owner_id=actor.pk,
        title=title.strip(),
        description=description.strip(),
        question=_check_insights(question, actor),
        chart=pick_chart(question.kind, chart),
        tags=tidy_tags(tags or []),
        visibility=visibility,
    )
    require(actor, "insights.create", insight)
    if not insight.title:
        raise BadInput(fields={"title": ["Give it a title."]})
    insight.save()
    record(actor, "insight.created", insight, after={"title": insight.title, "product": insight.product.name})
    return insight


@transaction.atomic
def update_insight(insight: Insight, *, actor: Any, version: int, **changes: Any) -> Insight:
    """Change an insight if nobody changed it since `version`; `question` is a parsed Question."""
    require(actor, "insights.edit", insight)
    refuse_unknown(changes, _FIELDS)
    current = Insight.objects.select_for_update().filter(pk=insight.pk).first()
    if current is None:
        raise NotFound()
    refuse_stale(current, version)
    before = state_of(current)
    if "question" in changes:
        product = product_of(changes["question"], actor)
        current.question = _check_insights(changes.pop("question"), actor, current)
        current.product, current.team = product, product.team
        require(actor, "insights.edit", current)
    if "tags" in changes:
        changes["tags"] = tidy_tags(changes["tags"])
    for name, value in changes.items():
        setattr(current, name, value.strip() if isinstance(value, str) else value)
    if not current.title:
        raise BadInput(fields={"title": ["Give it a title."]})
    current.chart = pick_chart(current.kind, current.chart)
    current.version = version + 1
    current.save()
    record(actor, "insight.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_insight(insight: Insight, *, actor: Any) -> None:
    """Delete an insight."""
    require(actor, "insights.edit", insight)
    before = state_of(insight)
    record(actor, "insight.deleted", insight, before=before)
    insight.delete()


@transaction.atomic
def star_insight(insight: Insight, *, actor: Any, is_starred: bool) -> None:
    """Put or remove one's own star; pressing twice changes nothing."""
    if not can_see(actor, insight):
        raise NotFound()
    if is_starred:
        _, changed = InsightStar.objects.get_or_create(
            user=actor, insight=insight, defaults={"created_at": timezone.now()}
        )
    else:
        changed, _ = InsightStar.objects.filter(user=actor, insight=insight).delete()
    if changed:
        record(actor, f"insight.{'starred' if is_starred else 'unstarred'}", insight)


@transaction.atomic
def note_download(products: Iterable[Product], note: str, *, actor: Any) -> None:
    """Keep in the audit trail who took a list of these products' people along."""
    for product in products:
        record(actor, "product.people_downloaded", product, note=note)
