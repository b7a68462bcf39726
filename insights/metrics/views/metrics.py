"""The list of metrics, a metric's page, and what is done to a metric as a whole."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights.explore.public import chart_file
from insights.metrics.access import get_metric
from insights.metrics.filters import MetricListFilter
from insights.metrics.metric_page import build_metric_page, list_restated, view_of_metric
from insights.metrics.models import Metric
from insights.metrics.public import values_of
from insights.metrics.queries import may_read_numbers
from insights.metrics.shown import show_metrics
from insights.metrics.summaries import read_summary
from insights.metrics.uses import list_uses
from portal.audit.public import history_of
from portal.people.public import can
from portal.shell.public import answer_list, offers_for, render_page

SORTS = {
    "name": "name",
    "product": "product__name",
    "owner": "owner__name",
    "state": "is_certified",
    "updated": "updated_at",
}


_OF_A_CHANGE = {"before": "before", "change": "amount", "change from": "low", "change to": "high"}


def _columns(user: Any) -> dict[str, Any]:
    """Return the columns of the CSV; numbers that the reader may not see are left empty."""

    def summary(metric: Metric) -> Any:
        series = getattr(metric.current, "series", None)
        is_readable = series and may_read_numbers(user, [metric.current])[metric.current_id]
        return read_summary(series.summary) if is_readable else None

    def of_change(name: str) -> Any:
        return lambda one: getattr(found.change, name) if (found := summary(one)) and found.change else ""

    return {
        "name": lambda one: one.name,
        "product": lambda one: one.product.name,
        "owner": lambda one: str(one.owner or ""),
        "state": lambda one: "certified" if one.is_certified else "draft",
        "tags": lambda one: ", ".join(one.tags),
        "interval": lambda one: one.current.interval,
        "unit": lambda one: one.current.unit,
        "newest period": lambda one: found.starts_on if (found := summary(one)) else "",
        "value": lambda one: found.value if (found := summary(one)) else "",
        **{head: of_change(name) for head, name in _OF_A_CHANGE.items()},
        "changed": lambda one: one.updated_at,
    }


@require_GET
def metric_list(request: HttpRequest) -> HttpResponse:
    """List the metrics that the user may read."""
    metrics = Metric.objects.visible_to(request.user).with_stars(request.user).with_values()
    found = MetricListFilter(request.GET, queryset=metrics, user=request.user)

    def dress(rows: list[Metric]) -> None:
        for metric, shown in show_metrics(rows, user=request.user, now=timezone.now()):
            metric.shown = shown

    template, columns = "insights/metrics/metric_list.html", _columns(request.user)
    can_create = can(request.user, "metrics.create")
    return answer_list(request, template, found, columns, SORTS, "name", dress=dress, can_create=can_create)


@require_GET
def metric_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a metric: its line, its change and what explains it, who uses it, its versions and its history."""
    metric = get_metric(request.user, pk)
    by = request.GET.get("by", "")
    by = int(by) if by.isascii() and by.isdecimal() and len(by) < 4 else 0
    page = build_metric_page(metric, user=request.user, now=timezone.now(), by=by)
    context = {"metric": metric, "page": page, "offers": offers_for(metric, request.user)}
    return render_page(request, "insights/metrics/metric_page.html", context, fragment="body")


@require_GET
def metric_uses(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who uses a metric."""
    metric = get_metric(request.user, pk)
    context = {"metric": metric, "uses": list_uses(metric, request.user)}
    return render_page(request, "insights/metrics/metric_uses.html", context)


@require_GET
def metric_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the versions of a metric's definition, what was restated, and what was done to it."""
    metric = get_metric(request.user, pk)
    is_readable = may_read_numbers(request.user, [metric.current])[metric.current_id]
    context = {
        "metric": metric,
        "versions": metric.versions.select_related("author", "decided_by"),
        "restated": list_restated(metric.current) if is_readable else [],
        "history": history_of(metric),
    }
    return render_page(request, "insights/metrics/metric_history.html", context)


@require_GET
def metric_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the stored values of a metric."""
    metric = get_metric(request.user, pk)
    values = values_of(request.user, metric, now=timezone.now())
    return chart_file(request, view_of_metric(metric, values, []))
