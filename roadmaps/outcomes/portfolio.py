"""All that was begun: months and money in, outcomes out, and what nobody measures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from roadmaps.outcomes.models import Bet, MonthCost, OutcomeReview
from roadmaps.outcomes.showing import BetShown, show_bets
from roadmaps.outcomes.words import say_kept
from roadmaps.planning.initiatives.public import Initiative, Stage

BEGUN = (Stage.BUILDING, Stage.LAUNCHED, Stage.MEASURING, Stage.DONE)
SHOW = {
    "none": "Without a bet",
    "waiting": "Still being measured",
    "unmeasured": "Could not be measured",
    "paid_off": "Paid off",
    "short": "Fell short or backfired",
    "review": "Waits for a review",
}


@dataclass(frozen=True)
class Totals:
    """What went in and what came out, of all that fits the filters.

    n — initiatives begun; n_without — of these without a bet; months — of effort, where n_estimated of them have one;
    money — these months in today's price, None without one. n_judged, n_paid_off — bets; n_unmeasured — bets that could
    not be measured; n_late — written after the work began, which count nowhere.
    """

    n: int
    n_without: int
    months: float
    n_estimated: int
    money: str
    n_judged: int
    n_paid_off: int
    n_unmeasured: int
    n_late: int

    @property
    def hit_rate(self) -> str:
        """Return the share of judged bets that paid off, with its interval; "" where none is judged."""
        return say_kept(self.n_paid_off, self.n_judged) if self.n_judged else ""


@dataclass
class Row:
    """An initiative of the portfolio with its bets as rows, and the money that went into it."""

    bets: list[BetShown] = field(default_factory=list)
    money: str = ""


def list_begun(user: Any) -> QuerySet:
    """Return the initiatives whose work was begun, that a user may see, with their bets and review."""
    bets = Prefetch("bets", Bet.objects.of_rows().order_by("pk"))
    return (
        Initiative.objects.visible_to(user)
        .filter(stage__in=BEGUN)
        .of_rows()
        .select_related("outcome_review")
        .prefetch_related(bets)
    )


def keep(rows: QuerySet, show: str) -> QuerySet:
    """Keep the initiatives that have a bet, or a review, which stands so."""
    bets = Bet.objects.filter(initiative=OuterRef("pk"))
    short = [Bet.Verdict.FELL_SHORT, Bet.Verdict.BACKFIRED]
    wanted = {
        "none": ~Exists(bets),
        "waiting": Exists(bets.filter(verdict="")),
        "unmeasured": Exists(bets.filter(verdict=Bet.Verdict.UNMEASURED)),
        "paid_off": Exists(bets.filter(verdict=Bet.Verdict.PAID_OFF)),
        "short": Exists(bets.filter(verdict__in=short)),
        "review": Exists(OutcomeReview.objects.waiting().filter(initiative=OuterRef("pk"))),
    }
    return rows.filter(wanted[show]) if show in wanted else rows


def read_totals(rows: QuerySet, cost: MonthCost | None) -> Totals:
    """Return the totals of some initiatives; two queries."""
    plain = rows.order_by().values("pk")
    efforts = Initiative.objects.filter(pk__in=plain).aggregate(
        n=Count("pk"), months=Sum("effort_months"), n_estimated=Count("effort_months")
    )
    paid_off, unmeasured = Q(verdict=Bet.Verdict.PAID_OFF), Q(verdict=Bet.Verdict.UNMEASURED)
    counts = Q(is_late=False)
    bets = Bet.objects.filter(initiative__in=plain).aggregate(
        n_with=Count("initiative", distinct=True),
        n_judged=Count("pk", filter=counts & ~Q(verdict="") & ~unmeasured),
        n_paid_off=Count("pk", filter=counts & paid_off),
        n_unmeasured=Count("pk", filter=unmeasured),
        n_late=Count("pk", filter=~counts),
    )
    months = efforts["months"] or 0.0
    return Totals(
        n=efforts["n"],
        n_without=efforts["n"] - bets.pop("n_with"),
        months=months,
        n_estimated=efforts["n_estimated"],
        money=say_money(months, cost),
        **bets,
    )


def say_money(months: float | None, cost: MonthCost | None) -> str:
    """Return what so many person-months cost, in three digits; "" where it is not known."""
    if months is None or cost is None:
        return ""
    amount = months * cost.amount
    rounded = float(f"{amount:.3g}")
    return f"{rounded:,.0f} {cost.currency}"


def dress(rows: Sequence[Initiative], user: Any, cost: MonthCost | None) -> None:
    """Give the initiatives of a page their bets as rows and their money; constant in queries."""
    shown: dict[int, list[BetShown]] = {}
    for one in show_bets([bet for row in rows for bet in row.bets.all()], user):
        shown.setdefault(one.bet.initiative_id, []).append(one)
    for row in rows:
        row.outcome = Row(shown.get(row.pk, []), say_money(row.effort_months, cost))


def month_cost() -> MonthCost | None:
    """Return what a person-month costs; None while nobody said."""
    return MonthCost.objects.filter(pk=1).first()


def bets_in_words(row: Initiative, user: Any) -> str:
    """Return an initiative's bets for a file; those on metrics that are not for the reader are left out."""
    shown = [one for one in show_bets(row.bets.all(), user) if not one.is_hidden]
    return "; ".join(
        f"{one.bet.metric.name} {one.size}: {', '.join(filter(None, (one.verdict, one.effect)))}" for one in shown
    )
