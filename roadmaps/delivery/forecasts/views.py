"""Pages of forecasts: the newest of all, one thing's with their drift, how often they were right, and asking freely."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from portal.people.public import can, get_product
from portal.shell.public import answer_list, render_page
from roadmaps.delivery.forecasts.charts import draw_chances, draw_drift
from roadmaps.delivery.forecasts.filters import ForecastListFilter
from roadmaps.delivery.forecasts.forms import AskForm
from roadmaps.delivery.forecasts.making import ask_forecasts
from roadmaps.delivery.forecasts.models import Backtest, Forecast
from roadmaps.delivery.forecasts.monte_carlo import last_day_of, preview
from roadmaps.delivery.forecasts.queries import coverage_of, read_coverage, verdict_of, with_drift
from roadmaps.delivery.forecasts.things import seed_of
from roadmaps.delivery.work.public import items_of_product, local_today, throughput_of
from roadmaps.planning.initiatives.public import get_initiative
from roadmaps.planning.releases.public import get_release

SORTS = {"p85": "p85", "promised": "promised_on", "left": "n_left", "product": "product__name"}
COLUMNS = {
    "what": lambda one: "initiative" if one.initiative_id else "release",
    "id": lambda one: one.initiative_id or one.release_id,
    "title": lambda one: str(one.thing),
    "product": lambda one: one.product.name,
    "said on": lambda one: one.made_on,
    "done": lambda one: one.n_done,
    "left": lambda one: one.n_left,
    "items before it": lambda one: one.n_ahead,
    "by": lambda one: one.get_basis_display(),
    "weeks of history": lambda one: one.n_weeks,
    "50 %": lambda one: one.p50,
    "85 %": lambda one: one.p85,
    "95 %": lambda one: one.p95,
    "promised": lambda one: one.promised_on,
    "why there is none": lambda one: one.why_none,
}
_MOST_NIGHTS = 400


def dress(forecasts: list[Forecast]) -> None:
    """Give forecasts their drift and how their promise looks."""
    with_drift(forecasts)
    for one in forecasts:
        one.looks = verdict_of(one)


@require_GET
def forecast_list(request: HttpRequest) -> HttpResponse:
    """List the newest forecasts of what the user may read."""
    user = request.user
    rows = Forecast.objects.visible_to(user).newest().of_rows()
    found = ForecastListFilter(request.GET, rows, user=user)
    mine = [product for product in user.visible_products if can(user, "forecasts.make", product)]
    template = "roadmaps/delivery/forecasts/forecast_list.html"
    return answer_list(request, template, found, COLUMNS, SORTS, "p85", dress=dress, makeable=mine[:8])


@require_POST
def forecast_now(request: HttpRequest) -> HttpResponse:
    """Have a worker make a product's forecasts now."""
    product = get_product(request.user, request.POST.get("product", ""))
    ask_forecasts(product, actor=request.user)
    messages.success(request, f"A worker makes the forecasts of {product}. Reload the page in a minute.")
    return redirect(f"{reverse('forecasts:forecast-list')}?{urlencode({'product': product.slug})}")


@require_GET
def initiative_forecast(request: HttpRequest, pk: int) -> HttpResponse:
    """Show when an initiative will be done, and how that drifted."""
    initiative = get_initiative(request.user, pk)
    return _page(request, initiative, Forecast.objects.filter(initiative=initiative))


@require_GET
def release_forecast(request: HttpRequest, pk: int) -> HttpResponse:
    """Show when a release will be done, and how that drifted."""
    release = get_release(request.user, pk)
    return _page(request, release, Forecast.objects.filter(release=release))


def _page(request: HttpRequest, thing: Any, rows: Any) -> HttpResponse:
    nights = list(rows.select_related("product").order_by("-made_on")[:_MOST_NIGHTS])[::-1]
    newest = nights[-1] if nights else None
    if newest is not None:
        dress([newest])
    context = {
        "thing": thing,
        "newest": newest,
        "is_current": bool(newest and newest.is_newest),
        "view": draw_drift(nights, title="What was said when", key="drift") if nights else None,
    }
    return render_page(request, "roadmaps/delivery/forecasts/forecast_page.html", context)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Show how often what was said came true, for everybody to see."""
    products = request.user.visible_products
    tests = Backtest.objects.visible_to(request.user).select_related("product")
    context = {
        "rows": [row for row in read_coverage(products) if row.n],
        "tests": [(one, coverage_of(one)) for one in tests],
    }
    return render_page(request, "roadmaps/delivery/forecasts/coverage_page.html", context)


@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Say when so many items of a product will be done, by the pace of all of its items."""
    start = {"n": 20, "weeks": 26, "product": getattr(next(iter(request.user.visible_products), None), "slug", "")}
    form = AskForm(request.GET if "n" in request.GET else None, initial=start, user=request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        values, today = form.cleaned_data, local_today()
        weeks = throughput_of(items_of_product(request.user, values["product"]), today=today, n_weeks=values["weeks"])
        history = [week.n_done for week in weeks]
        answer = preview(history, values["n"], seed_of(f"ask:{values['product'].pk}", today), n_weeks=8)
        context |= {"answer": answer, "n_weeks": len(history), "product": values["product"]}
        if not answer.why_none:
            dates = {percent: last_day_of(week, today) for percent, week in (answer.weeks or {}).items()}
            most = [
                (last_day_of(week, today), *(answer.done_in[percent][week - 1] for percent in (50, 85, 95)))
                for week in (1, 2, 4, 8)
                if answer.done_in
            ]
            context |= {"dates": dates, "most": most, "view": draw_chances(answer, today)}
    return render_page(request, "roadmaps/delivery/forecasts/ask_page.html", context, fragment="answer")
