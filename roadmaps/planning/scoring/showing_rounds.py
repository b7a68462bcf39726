"""Blind rounds as pages show them: who handed in, and after the reveal how far people lie apart."""

import statistics
from dataclasses import dataclass
from typing import Any

from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring.agreeing import Spread, spread_of
from roadmaps.planning.scoring.models import Ballot, Remark, Round, RoundItem, Scorer
from roadmaps.planning.scoring.showing import say_value

WIDTH = 200.0


@dataclass(frozen=True)
class SpreadShown:
    """What people said of one input: the spread in words, and each value with who said it."""

    spread: Spread
    said: str
    votes: tuple[tuple[str, str], ...]
    dots: tuple[float, ...]


@dataclass(frozen=True)
class ItemShown:
    """One initiative of a round with what may be shown of it; the widest disagreement first."""

    item: RoundItem
    initiative: Initiative
    ballot: Ballot | None
    own: str = ""  # what the reader said of it, in words
    spreads: tuple[SpreadShown, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def apart(self) -> float:
        """Return how far people lie apart over all inputs, 0 to 1."""
        shares = [one.spread.share for one in self.spreads]
        return statistics.fmean(shares) if shares else 0.0

    @property
    def is_apart(self) -> bool:
        """Say whether any input is worth talking about."""
        return any(one.spread.is_wide for one in self.spreads)


@dataclass(frozen=True)
class RoundShown:
    """A round as its page shows it to one reader."""

    items: tuple[ItemShown, ...]
    scorers: tuple[Scorer, ...]
    mine: Scorer | None
    n_done: int
    n_settled: int


def show_round(round_: Round, user: Any) -> RoundShown:
    """Return a round as far as a user may see it: before the reveal, of ballots only their own."""
    scorers = tuple(Scorer.objects.filter(round=round_).select_related("user").order_by("user__name", "pk"))
    mine = next((one for one in scorers if one.user_id == user.pk), None)
    seen = Initiative.objects.visible_to(user).filter(product=round_.product_id).order_by().values("pk")
    items = RoundItem.objects.filter(round=round_, initiative__in=seen).select_related("initiative")
    ballots: dict[int, list[Ballot]] = {}
    for one in Ballot.objects.visible_to(user).filter(item__round=round_).select_related("scorer__user"):
        ballots.setdefault(one.item_id, []).append(one)
    remarks: dict[int, list[Remark]] = {}
    if not round_.is_blind:
        for one in Remark.objects.filter(item__round=round_).select_related("by"):
            remarks.setdefault(one.item_id, []).append(one)
    shown = [_show_item(one, round_, ballots.get(one.pk, []), remarks.get(one.pk, []), mine) for one in items]
    if not round_.is_blind:
        shown.sort(key=lambda one: (-one.apart, one.item.pk))
    n_done = sum(1 for one in scorers if one.done_at)
    n_settled = sum(1 for one in shown if one.item.settled_at)
    return RoundShown(tuple(shown), scorers, mine, n_done, n_settled)


def _show_item(
    item: RoundItem, round_: Round, ballots: list[Ballot], remarks: list[Remark], mine: Scorer | None
) -> ItemShown:
    own = next((one for one in ballots if mine is not None and one.scorer_id == mine.pk), None)
    asks, given = round_.worked_with.asks.inputs, own.given if own else {}
    words = ", ".join(f"{one.label.lower()} {say_value(one, given[one.key])}" for one in asks if one.key in given)
    if round_.is_blind:
        return ItemShown(item, item.initiative, own, words)
    shown = [one for one in ballots if one.scorer.done_at]
    spreads = []
    for asked in asks:
        votes = [(str(one.scorer.user), one.given[asked.key]) for one in shown if asked.key in one.given]
        spread = spread_of(asked, [value for _, value in votes])
        if spread is None:
            continue
        low, high = (asked.least, asked.most) if asked.most - asked.least <= 1_000 else (0.0, spread.most or 1.0)
        width = (high - low) or 1.0
        dots = tuple(round(WIDTH * (value - low) / width, 1) for _, value in votes)
        said = tuple((name, say_value(asked, value)) for name, value in sorted(votes, key=lambda vote: vote[1]))
        ends = say_value(asked, spread.least), say_value(asked, spread.most)
        reach = ends[0] if spread.least == spread.most else f"{ends[0]} to {ends[1]}"
        spreads.append(SpreadShown(spread, reach, said, dots))
    spreads.sort(key=lambda one: -one.spread.share)
    notes = tuple((str(one.scorer.user), one.note) for one in shown if one.note)
    return ItemShown(item, item.initiative, own, words, tuple(spreads), notes, tuple(remarks))


def start_of_settling(item: ItemShown, round_: Round) -> dict[str, Any]:
    """Return what the form that settles an item starts with: the middle, with the ends as its range."""
    start: dict[str, Any] = {}
    source = f"Blind round “{round_.title}”"[:200]
    for one in item.spreads:
        asked, spread = one.spread.input, one.spread
        plain = {"likely": spread.middle}
        if asked.takes_range and spread.least < spread.most:
            plain |= {"low": spread.least, "high": spread.most}
        shown = {name: f"{value:g}" if asked.rungs else value for name, value in plain.items()}
        start |= {f"{asked.key}_{name}": value for name, value in shown.items()}
        start |= {f"{asked.key}_label": "estimated", f"{asked.key}_source": source}
    return start
