"""What other rooms may use of operations."""

from portal.operations.outbox import enqueue_on_commit

__all__ = ["enqueue_on_commit"]
