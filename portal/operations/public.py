"""What other rooms may use of operations."""

from portal.operations.outbox import enqueue_on_commit
from portal.operations.work import DEAD_AFTER, MOST_ATTEMPTS, Pulse, Report, claim, requeue_dead

__all__ = ["DEAD_AFTER", "MOST_ATTEMPTS", "Pulse", "Report", "claim", "enqueue_on_commit", "requeue_dead"]
