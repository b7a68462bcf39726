"""What rooms to the right may use of sharing."""

from insights.sharing.models import ClosedProduct

__all__ = ["ClosedProduct"]
