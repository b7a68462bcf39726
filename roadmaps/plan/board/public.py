"""What rooms to the right may use of the roadmap."""

from roadmaps.plan.board.contracts import HealthWarning

__all__ = ["HealthWarning"]
