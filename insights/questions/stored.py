"""Answers that are kept: when one needs no closer look, and when one that failed is tried again. Pure."""

from datetime import datetime, timedelta

_RETRY_AT_MOST = timedelta(hours=1)


def needs_no_look(held_at: int | None, holds_until: datetime | None, version: int, now: datetime) -> bool:
    """Say whether a good answer is of this version of the store and not yet at its bound of time.

    held_at — the version up to which it is known to hold; holds_until — when its range moves on or a bucket closes.
    """
    return held_at is not None and held_at >= version and (holds_until is None or now < holds_until)


def retry_at(failed_at: datetime, n_failures: int) -> datetime:
    """Return when a failed answer is tried again: after 1, 2, 4 … minutes, an hour at most.

    >>> [retry_at(datetime(2026, 1, 1), n).minute for n in (1, 2, 5)], retry_at(datetime(2026, 1, 1), 99).hour
    ([1, 2, 16], 1)
    """
    return failed_at + min(timedelta(minutes=2 ** min(n_failures - 1, 6)), _RETRY_AT_MOST)
