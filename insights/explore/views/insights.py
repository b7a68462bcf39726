"""Saved insights: list, page, save, edit, delete, star."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.explore.access import get_insight
from insights.explore.actions import create_insight, delete_insight, star_insight, update_insight
from insights.explore.contracts import CHARTS_BY_KIND
from insights.explore.filters import InsightListFilter
from insights.explore.forms import InsightForm
from insights.explore.insight_page import build_insight_page
from insights.explore.models import Insight
from insights.explore.queries import default_products, explore_url
from insights.explore.state import read_state
from insights.questions.public import say_question
from portal.people.public import require
from portal.shell.public import answer_list, render_page

SORTS = {
    "title": "title",
    "product": "product__name",
    "kind": "question__kind",
    "owner": "owner__name",
    "updated": "updated_at",
}
COLUMNS = {
    "title": lambda one: one.title,
    "product": lambda one: one.product.name,
    "kind": lambda one: one.kind,
    "chart": lambda one: one.chart,
    "tags": lambda one: ", ".join(one.tags),
    "owner": lambda one: str(one.owner or ""),
    "changed": lambda one: one.updated_at,
}


@require_GET
def insight_list(request: HttpRequest) -> HttpResponse:
    """List the insights that the user may read."""
    insights = Insight.objects.visible_to(request.user).with_stars(request.user).select_related("product", "owner")
    found = InsightListFilter(request.GET, queryset=insights, user=request.user)
    return answer_list(request, "insights/explore/insight_list.html", found, COLUMNS, SORTS, "-updated")


@require_GET
def insight_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an insight: its chart, its numbers, where they come from, and its history."""
    insight = get_insight(request.user, pk)
    wants_answer = request.GET.get("answer") == "now"
    page = build_insight_page(insight, user=request.user, now=timezone.now(), may_wait=wants_answer)
    context = {"page": page, "insight": insight}
    return render_page(request, "insights/explore/insight_page.html", context, fragment="answer")


@require_http_methods(["GET", "POST"])
def insight_new(request: HttpRequest) -> HttpResponse:
    """Save the question of the address as an insight."""
    require(request.user, "insights.create")
    state = read_state(request.GET, lambda: default_products(request.user), timezone.localtime())
    start = {"question": json.dumps(state.draft), "chart": state.chart, "visibility": "company"}
    charts = CHARTS_BY_KIND.get(state.draft["kind"], ())
    form = InsightForm(request.POST or None, initial=start, now=timezone.now(), charts=charts)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name not in ("question", "version")}
        return redirect(create_insight(form.cleaned_data["question"], actor=request.user, **values))
    words = say_question(state.draft)
    context = {"form": form, "words": words, "explore_url": explore_url(state.draft, state.chart)}
    return render(request, "insights/explore/insight_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def insight_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an insight; `?q=` of the explore page replaces its question."""
    insight = get_insight(request.user, pk, write=True)
    question, chart = insight.question, insight.chart
    if "q" in request.GET:
        state = read_state(request.GET, lambda: [insight.product.slug], timezone.localtime())
        question, chart = state.draft, state.chart
    start = {name: getattr(insight, name) for name in ("title", "description", "visibility", "version")}
    start |= {"tags": ", ".join(insight.tags), "question": json.dumps(question), "chart": chart}
    charts = CHARTS_BY_KIND.get(question.get("kind", ""), ())
    form = InsightForm(request.POST or None, initial=start, now=timezone.now(), charts=charts)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        return redirect(update_insight(insight, actor=request.user, version=values.pop("version") or 0, **values))
    context = {"form": form, "insight": insight, "is_new_question": "q" in request.GET}
    context |= {"words": say_question(question), "explore_url": f"{explore_url(question, chart)}&insight={pk}"}
    return render(request, "insights/explore/insight_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def insight_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete an insight."""
    insight = get_insight(request.user, pk, write=True)
    if request.method == "POST":
        delete_insight(insight, actor=request.user)
        return redirect("explore:insights")
    return render(request, "insights/explore/insight_delete.html", {"insight": insight})


@require_POST
def insight_star(request: HttpRequest, pk: int) -> HttpResponse:
    """Put or remove the user's star."""
    insight = get_insight(request.user, pk)
    star_insight(insight, actor=request.user, is_starred=request.POST.get("starred") == "1")
    return redirect("explore:insights" if request.POST.get("next") == "list" else insight.get_absolute_url())
