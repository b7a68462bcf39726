"""Making a metric, changing its words, and what is done to it with one button."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from insights.explore.public import Insight, explore_url, get_insight
from insights.metrics import actions
from insights.metrics.access import get_metric
from insights.metrics.definitions import KINDS, prepare_question
from insights.metrics.forms import MetricForm, WordsForm
from insights.metrics.refreshing import request_values
from insights.questions.public import say_question, title_question
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, answer_form, render_page


def read_question(request: HttpRequest) -> dict | None:
    """Return the question that the address or the form holds, as JSON or by an insight's id; None without one."""
    sent = request.POST.get("question") or request.GET.get("q") or ""
    if not sent and request.GET.get("insight", "").isdecimal():
        insight = get_insight(request.user, int(request.GET["insight"]))
        return {"products": [insight.product.slug], **insight.question}
    if not sent:
        return None
    try:
        value = json.loads(sent)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadInput("This address holds no question that can be read. Go back to Explore and try again.")
    return {"kind": "trend", **value}


def start_values(question: dict) -> dict:
    """Return what a form about a definition starts with."""
    prepared = prepare_question(question)
    measures = [one.get("measure", "total") for one in question.get("series") or [{}] if isinstance(one, dict)]
    noun = "accounts" if question.get("unit") == "account" else "people"
    is_units = measures[:1] and measures[0] in ("persons", "first_time", "weekly_active", "monthly_active")
    unit = "" if question.get("formula") or len(measures) != 1 else noun if is_units else ""
    unit = "events" if not unit and measures == ["total"] and not question.get("formula") else unit
    interval = prepared["interval"] if prepared["interval"] != "all" else "week"
    return {"question": json.dumps(question), "interval": interval, "column": 1, "unit": unit, "direction": "up"}


@require_http_methods(["GET", "POST"])
def metric_new(request: HttpRequest) -> HttpResponse:
    """Make a metric of a question from Explore, or choose a saved insight to start with."""
    require(request.user, "metrics.create")
    question = read_question(request)
    if question is None:
        return _choose(request)
    kind = str(question.get("kind"))
    title = request.GET.get("title", "") or title_question(question)
    start = {**start_values(question), "name": title[:120], "visibility": "company"}
    form = MetricForm(request.POST or None, initial=start, actor=request.user, now=timezone.now(), kind=kind)
    context = {"words": say_question(question), "explore_url": explore_url(question)}
    return _answer(
        request, "insights/metrics/metric_form.html", form, _create(request), "“{}” is a draft metric.", context
    )


def _create(request: HttpRequest):
    def save(definition, product, name, description, tags, visibility, **_):
        words = {"name": name, "description": description, "tags": tags, "visibility": visibility}
        return actions.create_metric(definition, product=product, actor=request.user, **words)

    return save


def _answer(request: HttpRequest, template: str, form, save, said: str, context: dict) -> HttpResponse:
    """Answer a form whose action may find faults of its own: they stand beside their fields."""
    try:
        return answer_form(request, template, form, save, said, **context)
    except BadInput as error:
        form.show(error)
        return render_page(request, template, {"form": form, **context}, status=422)


def _choose(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("find", "").strip()[:100]
    insights = Insight.objects.visible_to(request.user).filter(question__kind__in=KINDS).select_related("product")
    if words:
        insights = insights.matching(words)
    context = {"insights": insights.order_by("-updated_at")[:50], "find": words}
    return render_page(request, "insights/metrics/metric_choose.html", context)


@require_http_methods(["GET", "POST"])
def metric_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a metric says of itself; a second editor sees what was changed and keeps what they typed."""
    metric = get_metric(request.user, pk, write=True)
    form = WordsForm(request.POST or None, instance=metric)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            values = dict(form.cleaned_data)
            revision = values.pop("revision")
            saved = actions.update_metric(metric, actor=request.user, revision=revision, **values)
            messages.success(request, "Saved.")
            return redirect(saved)
        except Conflict as error:
            conflict = error.message
            form.data = {**form.data.dict(), "revision": metric.revision}
        except BadInput as error:
            for name, said in error.fields.items():
                form.add_error(name if name in form.fields else None, said)
    context = {"form": form, "metric": metric, "conflict": conflict}
    status = 409 if conflict else 422 if form.errors else 200
    return render_page(request, "insights/metrics/metric_edit.html", context, status=status)


@require_POST
def metric_star(request: HttpRequest, pk: int) -> HttpResponse:
    """Put or remove one's own star."""
    metric = get_metric(request.user, pk)
    actions.star_metric(metric, actor=request.user, is_starred=request.POST.get("starred") == "1")
    return redirect(metric)


@require_POST
def metric_certify(request: HttpRequest, pk: int) -> HttpResponse:
    """Certify a metric, or make it a draft again."""
    metric = get_metric(request.user, pk)
    try:
        if request.POST.get("certified") == "1":
            actions.certify_metric(metric, actor=request.user)
            messages.success(request, f"“{metric}” is certified. Its definition now changes by proposal only.")
        else:
            actions.uncertify_metric(metric, actor=request.user)
            messages.success(request, f"“{metric}” is a draft again.")
    except BadInput as error:
        messages.error(request, " ".join(sentence for said in error.fields.values() for sentence in said))
    return redirect(metric)


@require_POST
def metric_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a metric away, or bring it back."""
    metric = get_metric(request.user, pk, write=True)
    if request.POST.get("archived") == "1":
        actions.archive_metric(metric, actor=request.user)
        messages.success(request, f"“{metric}” is archived. What uses it keeps the values of today.")
    else:
        try:
            actions.restore_metric(metric, actor=request.user)
            messages.success(request, f"“{metric}” is restored.")
        except BadInput as error:
            messages.error(request, " ".join(sentence for said in error.fields.values() for sentence in said))
    return redirect(metric)


@require_POST
def metric_refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the values computed again, whether they are old or not."""
    metric = get_metric(request.user, pk)
    request_values([metric.current], timezone.now())
    messages.success(request, "The values are being computed.")
    return redirect(metric)
