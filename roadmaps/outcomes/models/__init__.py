"""Tables of outcomes: bets, what was measured of them, reviews, and what a month of work costs."""

from roadmaps.outcomes.models.bet import Bet, Measurement
from roadmaps.outcomes.models.review import MonthCost, OutcomeReview

__all__ = ["Bet", "Measurement", "MonthCost", "OutcomeReview"]
