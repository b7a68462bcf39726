"""Writes of outcomes, each with who did it."""

from roadmaps.outcomes.actions.bets import delete_bet, update_bet, write_bet
from roadmaps.outcomes.actions.reviews import answer_review, ask_reviews, set_month_cost

__all__ = ["answer_review", "ask_reviews", "delete_bet", "set_month_cost", "update_bet", "write_bet"]
