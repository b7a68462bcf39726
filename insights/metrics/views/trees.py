"""A metric's tree: drawn with values and changes, and put together by its team."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.metrics import actions
from insights.metrics.access import get_metric
from insights.metrics.actions.parts import MOST_PARTS
from insights.metrics.forms import PartsForm
from insights.metrics.models import Metric, MetricPart
from insights.metrics.tree_page import build_tree
from portal.people.public import can
from portal.shell.public import BadInput, render_page


@require_GET
def metric_tree(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a metric is put together from, with values, changes and gaps."""
    metric = get_metric(request.user, pk)
    page = build_tree(metric, user=request.user, now=timezone.now())
    context = {"metric": metric, "page": page, "may_edit": can(request.user, "metrics.edit", metric)}
    return render_page(request, "insights/metrics/metric_tree.html", context)


@require_http_methods(["GET", "POST"])
def metric_parts(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which metrics add or multiply up to this one."""
    metric = get_metric(request.user, pk, write=True)
    others = Metric.objects.visible_to(request.user).live().exclude(pk=pk).order_by("name")
    rows = list(MetricPart.objects.filter(whole=metric).order_by("position"))
    start = {"rule": metric.rule}
    for number, row in enumerate(rows, 1):
        start |= {f"part_{number}": row.part_id, f"minus_{number}": row.sign < 0}
    n_rows = min(max(6, len(rows) + 2), MOST_PARTS)
    form = PartsForm(request.POST or None, initial=start, metrics=others, n_rows=n_rows)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_parts(metric, actor=request.user, rule=form.cleaned_data["rule"], parts=form.parts())
            messages.success(request, f"“{metric}” is put together anew." if form.parts() else "It has no parts now.")
            return redirect("metrics:metric-tree", pk=pk)
        except BadInput as error:
            for name, said in error.fields.items():
                form.add_error(name if name in form.fields else None, said)
    context = {"form": form, "metric": metric}
    status = 422 if form.errors else 200
    return render_page(request, "insights/metrics/parts_form.html", context, status=status)
