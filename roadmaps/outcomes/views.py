"""Pages of outcomes: the portfolio, one bet, how good bets were, reviews and their archive, the price of a month."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.operations.public import enqueue_on_commit
from portal.people.public import can, require
from portal.shell.public import Conflict, answer_form, answer_list, render_markdown, render_page
from roadmaps.outcomes import actions
from roadmaps.outcomes.access import get_bet, get_review
from roadmaps.outcomes.calibration import calibration_of, read_calibrations
from roadmaps.outcomes.filters import PortfolioFilter, ReviewListFilter
from roadmaps.outcomes.forms import BetForm, CostForm, ReviewForm, start_of
from roadmaps.outcomes.models import Bet, MonthCost, OutcomeReview
from roadmaps.outcomes.portfolio import bets_in_words, dress, list_begun, month_cost, read_totals, say_money
from roadmaps.outcomes.showing import read_bet_page, show_bets
from roadmaps.outcomes.words import say_advice, say_bias, say_kept
from roadmaps.planning.initiatives.public import Initiative, get_initiative

_MOST_ON_HOME = 5
_SORTS = {"title": "title", "changed": "updated_at", "effort": "effort_months", "team": "team__name"}
_REVIEW_SORTS = {"reviewed": "reviewed_at", "initiative": "initiative__title", "team": "initiative__team__name"}
_REVIEW_COLUMNS = {
    "initiative": lambda row: row.initiative.title,
    "product": lambda row: row.initiative.product.name,
    "team": lambda row: row.initiative.team.name,
    "decided": lambda row: row.get_decision_display(),
    "learned": lambda row: row.learned,
    "by": lambda row: str(row.reviewed_by or ""),
    "at": lambda row: row.reviewed_at.isoformat() if row.reviewed_at else "",
}


@require_GET
def portfolio(request: HttpRequest) -> HttpResponse:
    """Show what was begun: months and money in, outcomes out, and what nobody measures."""
    user, cost = request.user, month_cost()
    found = PortfolioFilter(request.GET, list_begun(user), user=user)
    columns = {
        "id": lambda row: row.pk,
        "initiative": lambda row: row.title,
        "product": lambda row: row.product.name,
        "team": lambda row: row.team.name,
        "stage": lambda row: row.get_stage_display(),
        "person-months": lambda row: "" if row.effort_months is None else row.effort_months,
        "money": lambda row: say_money(row.effort_months, cost),
        "bets": lambda row: bets_in_words(row, user),
        "decided": lambda row: row.outcome_review.get_decision_display() if hasattr(row, "outcome_review") else "",
    }
    context = {"totals": read_totals(found.qs, cost), "cost": cost, "may_price": can(user, "month_costs.edit")}

    def dressed(rows: list[Initiative]) -> None:
        dress(rows, user, cost)

    return answer_list(
        request, "roadmaps/outcomes/portfolio.html", found, columns, _SORTS, "-changed", dress=dressed, **context
    )


@require_GET
def bet_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a bet: what was expected, what was measured, and what that can and cannot show."""
    bet = get_bet(request.user, pk)
    page = read_bet_page(bet, request.user, today=timezone.localdate())
    context = {"bet": bet, "initiative": bet.initiative, "page": page}
    return render_page(request, "roadmaps/outcomes/bet_page.html", context)


@require_http_methods(["GET", "POST"])
def bet_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a bet on an initiative down."""
    initiative, user = get_initiative(request.user, pk), request.user
    require(user, "bets.write", initiative)
    known = calibration_of(initiative.team_id)
    start = {"confidence": round(100 * known.suggested) if known.suggested else 70, "days": 90, "aim": "up"}
    form = BetForm(request.POST or None, initial=start, user=user, initiative=initiative)

    def save(*, version: int | None, **values: Any) -> Bet:
        return actions.write_bet(initiative, actor=user, **values)

    context = {"initiative": initiative, "advice": say_advice(known) if known.n else ""}
    return answer_form(
        request, "roadmaps/outcomes/bet_form.html", form, save, "The bet on {} is written down.", **context
    )


@require_http_methods(["GET", "POST"])
def bet_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a bet that is not locked."""
    bet, user = get_bet(request.user, pk, write=True), request.user
    _refuse_locked(bet)

    def start() -> dict[str, Any]:
        return start_of(get_bet(user, pk))

    form = BetForm(request.POST or None, initial=start(), user=user, initiative=bet.initiative, bet=bet)

    def save(*, version: int | None, **values: Any) -> Bet:
        return actions.update_bet(bet, actor=user, version=version or 0, **values)

    context = {"initiative": bet.initiative, "bet": bet}
    template = "roadmaps/outcomes/bet_form.html"
    return answer_form(request, template, form, save, "The bet on {} is saved.", fresh=start, **context)


@require_http_methods(["GET", "POST"])
def bet_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a bet that is not locked."""
    bet = get_bet(request.user, pk, write=True)
    _refuse_locked(bet)
    if request.method == "POST":
        actions.delete_bet(bet, actor=request.user)
        return redirect(bet.initiative)
    return render(request, "roadmaps/outcomes/bet_delete.html", {"bet": bet, "initiative": bet.initiative})


def _refuse_locked(bet: Bet) -> None:
    if bet.is_locked:
        raise Conflict("The work on it has begun, so the bet stays as it was written.")


@require_POST
def bet_measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a worker measure a bet again, as late data may have changed its past."""
    bet = get_bet(request.user, pk, write=True)
    with transaction.atomic():
        enqueue_on_commit("outcomes.measure_again", bet_id=bet.pk)
    messages.success(request, "It is being measured again. Reload the page in a minute.")
    return redirect(bet)


@require_GET
def calibration_page(request: HttpRequest) -> HttpResponse:
    """Show how good each team's bets were: bias, how often within the interval, Brier score, the next confidence."""
    teams, steps = read_calibrations(request.user)
    rows = [
        {
            "team": one.team,
            "found": one.found,
            "paid_off": say_kept(one.found.n_paid_off, one.found.n),
            "within": say_kept(one.found.n_within, one.found.n),
            "bias": say_bias(one.found),
            "advice": say_advice(one.found),
        }
        for one in teams
    ]
    told = [{"step": step, "paid_off": say_kept(step.n_paid_off, step.n)} for step in steps if step.n]
    return render_page(request, "roadmaps/outcomes/calibration_page.html", {"rows": rows, "steps": told})


@require_GET
def review_list(request: HttpRequest) -> HttpResponse:
    """Show the archive of what was learned."""
    user = request.user
    reviews = OutcomeReview.objects.visible_to(user).answered().of_rows()
    found = ReviewListFilter(request.GET, reviews, user=user)
    template = "roadmaps/outcomes/review_list.html"
    return answer_list(request, template, found, _REVIEW_COLUMNS, _REVIEW_SORTS, "-reviewed")


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the reviews that wait for an answer of the reader; Home asks for the first."""
    waiting = OutcomeReview.objects.visible_to(request.user).waiting().filter(initiative__owner_id=request.user.pk)
    rows = list(waiting.of_rows().order_by("asked_at", "pk")[:100])
    context = {"rows": rows, "first_rows": rows[:_MOST_ON_HOME]}
    return render_page(request, "roadmaps/outcomes/mine.html", context, fragment="home")


@require_http_methods(["GET", "POST"])
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an initiative did beside what was expected, and take or show what becomes of it."""
    user = request.user
    review = get_review(user, pk, write=request.method == "POST")
    start = {"decision": review.decision, "learned": review.learned, "version": review.version}
    form = ReviewForm(request.POST or None, initial=start)

    def save(*, version: int | None, **values: Any) -> OutcomeReview:
        return actions.answer_review(review, actor=user, version=version or 0, **values)

    def fresh() -> dict[str, Any]:
        now = get_review(user, pk)
        return {"decision": now.decision, "learned": now.learned, "version": now.version}

    bets = show_bets(review.initiative.bets.of_rows().order_by("pk"), user)
    context = {
        "review": review,
        "initiative": review.initiative,
        "bets": bets,
        "learned": render_markdown(review.learned, top_level=2) if review.learned else "",
        "may_answer": can(user, "outcome_reviews.answer", review.initiative),
        "is_edited": not review.is_answered or request.GET.get("edit") == "1" or request.method == "POST",
    }
    said = "Thank you. What was learned from “{}” is kept where others find it."
    return answer_form(request, "roadmaps/outcomes/review_page.html", form, save, said, fresh=fresh, **context)


@require_http_methods(["GET", "POST"])
def cost_edit(request: HttpRequest) -> HttpResponse:
    """Say what a person-month costs."""
    require(request.user, "month_costs.edit")

    def start() -> dict[str, Any]:
        cost = month_cost()
        return {"amount": cost.amount, "currency": cost.currency, "version": cost.version} if cost else {"version": 0}

    form = CostForm(request.POST or None, initial=start())

    def save(*, version: int | None, **values: Any) -> MonthCost:
        return actions.set_month_cost(actor=request.user, version=version or 0, **values)

    return answer_form(request, "roadmaps/outcomes/cost_form.html", form, save, "A person-month costs {}.", fresh=start)
