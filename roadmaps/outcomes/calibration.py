"""How good each team's bets were, as its page and the form of the next bet show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portal.people.public import Team
from roadmaps.outcomes.calibrating import calibrate
from roadmaps.outcomes.contracts import Calibration, Judged
from roadmaps.outcomes.models import Bet

STEPS = ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0))


@dataclass(frozen=True)
class TeamCalibration:
    """A team, or None for all of them together, with how good its bets were."""

    team: Team | None
    found: Calibration


@dataclass(frozen=True)
class Step:
    """The bets of which somebody was so sure, and how many of them paid off."""

    low: float
    high: float
    n: int
    n_paid_off: int
    sure: float | None


def read_calibrations(user: Any) -> tuple[list[TeamCalibration], list[Step]]:
    """Return the calibration of all judged bets that a user may see, by team, and by how sure they were; one query.

    Verdicts say nothing of a metric's values, so bets on metrics that are not for the reader count as well.
    """
    bets = list(Bet.objects.visible_to(user).judged().select_related("initiative__team").order_by("pk"))
    by_team: dict[int, list[Judged]] = {}
    teams: dict[int, Team] = {}
    for bet in bets:
        if bet.as_judged is not None:
            teams[bet.initiative.team_id] = bet.initiative.team
            by_team.setdefault(bet.initiative.team_id, []).append(bet.as_judged)
    every = [one for judged in by_team.values() for one in judged]
    rows = [TeamCalibration(teams[pk], calibrate(judged)) for pk, judged in by_team.items()]
    rows.sort(key=lambda row: (-row.found.n, str(row.team)))
    return [TeamCalibration(None, calibrate(every)), *rows] if every else [], list(_steps(every))


def _steps(bets: Iterable[Judged]) -> Iterable[Step]:
    bets = list(bets)
    for low, high in STEPS:
        inside = [one for one in bets if low <= one.confidence < high]
        sure = sum(one.confidence for one in inside) / len(inside) if inside else None
        yield Step(low, high, len(inside), sum(one.paid_off for one in inside), sure)


def calibration_of(team_id: int) -> Calibration:
    """Return how good one team's bets were."""
    bets = Bet.objects.judged().filter(initiative__team=team_id).order_by("pk")
    return calibrate([judged for bet in bets if (judged := bet.as_judged) is not None])
