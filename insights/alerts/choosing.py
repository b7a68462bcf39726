"""What may be watched: metrics, lines of saved insights, promises of sources, and the question of a tile."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from insights.alerts.contracts import LEAST_HISTORY, WEEK_BACK, Condition
from insights.alerts.models import Alert
from insights.alerts.series import Subject, prepare_question, series_names
from insights.dashboards.access import get_tile
from insights.events.public import Source
from insights.explore.public import Insight, get_insight
from insights.metrics.public import Metric, get_metric
from insights.questions.public import check_question
from portal.people.public import Product
from portal.shell.public import BadInput, NotFound

_MOST = 200
Choice = tuple[str, str]


def list_choices(user: Any) -> list[tuple[str, list[Choice]]]:
    """Return what a user may watch, in groups: (key, name) as "metric:3", "insight:5:0", "source:2"."""
    metrics = Metric.objects.visible_to(user).live().exclude(current=None).select_related("product")
    insights = Insight.objects.visible_to(user).select_related("product").filter(question__kind__in=["trend", "funnel"])
    sources = Source.objects.visible_to(user).exclude(fresh_by=None).select_related("product")
    return [
        ("Metrics", [(f"metric:{one.pk}", f"{one.name} ({one.product})") for one in metrics.order_by("name")[:_MOST]]),
        ("Saved insights", [choice for one in insights.order_by("title")[:_MOST] for choice in _lines(one)]),
        (
            "Sources: is new data there when it was promised?",
            [(f"source:{one.pk}", f"{one.name}: new data by {one.fresh_by:%H:%M}") for one in sources.order_by("name")],
        ),
    ]


def _lines(insight: Insight) -> list[Choice]:
    names = series_names(insight.question)
    return [
        (f"insight:{insight.pk}:{place}", f"{insight.title}{f': {name}' if name else ''} ({insight.product})")
        for place, name in enumerate(names)
    ]


def find_subject(key: str, user: Any) -> Subject:
    """Return what a key names, if this user may see it and one number over time comes of it.

    Raises: BadInput with the reason at `subject`.
    """
    kind, _, rest = key.partition(":")
    numbers = rest.split(":")
    try:
        ids = [int(one) for one in numbers if one.isascii()]
        subject = _FINDERS[kind](ids[0], ids[1] if len(ids) > 1 else 0, user)
    except (KeyError, ValueError, IndexError, OverflowError, NotFound):
        words = "Choose what to watch: it is not there, or not shared with you."
        raise BadInput(fields={"subject": [words]}) from None
    return subject


def _find_metric(pk: int, series_no: int, user: Any) -> Subject:
    metric = get_metric(user, pk)
    if metric.archived_at or metric.current is None:
        raise BadInput(fields={"subject": [f"The metric “{metric.name}” is archived or has no definition in force."]})
    subject = Subject(metric.name, metric.product, metric=metric)
    _check(metric.current.question, subject.product, user)
    if subject.interval not in ("hour", "day", "week", "month"):
        raise BadInput(fields={"subject": ["An alert watches hours, days, weeks or months; this metric's are longer."]})
    return subject


def _find_insight(pk: int, series_no: int, user: Any) -> Subject:
    insight = get_insight(user, pk)
    _check(prepare_question(insight.question, insight.product), insight.product, user)
    names = series_names(insight.question)
    if not 0 <= series_no < len(names):
        raise BadInput(fields={"subject": ["This insight has fewer lines. Choose one of them."]})
    title = f"{insight.title}: {names[series_no]}" if names[series_no] else insight.title
    return Subject(title[:200], insight.product, insight=insight, series_no=series_no)


def _find_source(pk: int, series_no: int, user: Any) -> Subject:
    source = Source.objects.visible_to(user).select_related("product").filter(pk=pk).first()
    if source is None:
        raise NotFound()
    if source.fresh_by is None:
        raise BadInput(fields={"subject": [f"{source} promises no time for new data. Set one on its page first."]})
    return Subject(source.name, source.product, source=source)


def _find_tile(pk: int, series_no: int, user: Any) -> Subject:
    """A tile of an insight is the insight; one with a question of its own lends it, with the dashboard's filters."""
    tile = get_tile(user, pk)
    if tile.metric_id:
        return _find_metric(tile.metric_id, series_no, user)
    if tile.insight_id:
        return _find_insight(tile.insight_id, series_no, user)
    question = dict(tile.asks or {})
    if tile.dashboard.filters:
        question["filters"] = [*(question.get("filters") or []), *tile.dashboard.filters]
    return from_question(question, tile.dashboard.product, user, title=str(tile), series_no=series_no)


def _find_own(pk: int, series_no: int, user: Any) -> Subject:
    """The question that an alert has already."""
    alert = Alert.objects.visible_to(user).select_related("product").filter(pk=pk).exclude(question=None).first()
    if alert is None:
        raise NotFound()
    return from_question(alert.question, alert.product, user, title=alert.subject_title, series_no=alert.series_no)


_FINDERS = {
    "metric": _find_metric,
    "insight": _find_insight,
    "source": _find_source,
    "tile": _find_tile,
    "alert": _find_own,
}


def from_question(question: dict[str, Any], product: Product, user: Any, *, title: str, series_no: int = 0) -> Subject:
    """Return a question as something to watch."""
    asked = prepare_question(question, product)
    _check(asked, product, user)
    names = series_names(asked)
    if not 0 <= series_no < len(names):
        raise BadInput(fields={"subject": ["This question has fewer lines. Choose one of them."]})
    name = f"{title}: {names[series_no]}" if names[series_no] else title
    return Subject(name[:200], product, question=asked, series_no=series_no)


def _check(question: dict[str, Any], product: Product, user: Any) -> None:
    try:
        value = (
            {**question, "products": question.get("products") or [product.slug]}
            if not question.get("sources")
            else question
        )
        check_question(value, user=user, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
    except BadInput as error:
        said = " ".join(error.sentences[:3])
        raise BadInput(fields={"subject": [f"This cannot be asked: {said}"]}) from error


def key_of(alert: Alert) -> str:
    """Return the key of what an alert watches; "" when it is gone."""
    if alert.metric_id:
        return f"metric:{alert.metric_id}"
    if alert.insight_id:
        return f"insight:{alert.insight_id}:{alert.series_no}"
    if alert.source_id:
        return f"source:{alert.source_id}"
    return f"alert:{alert.pk}" if alert.question else ""


def check_condition(condition: Condition, subject: Subject) -> None:
    """Refuse a condition that does not fit what is watched, naming the field."""
    if (condition.kind == "late") != bool(subject.source):
        words = (
            "Of a source, an alert watches whether new data is late."
            if subject.source
            else "Only a source can be late. Choose one, or another condition."
        )
        raise BadInput(fields={"kind": [words]})
    if condition.kind == "unlike" and subject.interval not in LEAST_HISTORY:
        raise BadInput(fields={"kind": ["Months are too few to know what is usual. Choose a limit or a change."]})
    if condition.kind == "change" and condition.against == "week" and subject.interval not in WEEK_BACK:
        raise BadInput(fields={"against": ["The week before is for hours and days. Compare with the period before."]})
