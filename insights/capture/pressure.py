"""Holding senders back: too many events from one key, or too many that wait to be flushed."""

import logging
import threading
import time
from collections import defaultdict

import redis
from django.conf import settings
from django.db.models import Sum
from kombu.exceptions import OperationalError as BrokerError

from insights.events.public import InboxRequest
from portal.celery import app

log = logging.getLogger(__name__)

FLUSH_AT = 50_000  # events waiting that call for a flush before its time
MAX_WAITING = 1_000_000  # events waiting beyond which senders are asked to come back later
MAX_RATE = 20_000  # events a second of one key, over a window
_WINDOW_S = 10
_COUNT_EVERY_S = 1.0
_ASK_EVERY_S = 3.0
_AVOID_S = 5.0


class RateCounter:
    """Events by key and window, counted for all processes in Valkey, or by this process alone while that is away."""

    def __init__(self) -> None:
        self._client: redis.Redis | None = None
        self._avoid_until = 0.0
        self._own: dict[tuple[int, int], int] = defaultdict(int)
        self._lock = threading.Lock()

    def add(self, key_id: int, n_items: int, now: float) -> int:
        """Count items of a key and return how many came in this window."""
        window = int(now // _WINDOW_S)
        if time.monotonic() >= self._avoid_until:
            try:
                return self._add_shared(key_id, window, n_items)
            except redis.RedisError:
                log.warning("capture: Valkey does not answer; this process counts alone for %s s", _AVOID_S)
                self._avoid_until = time.monotonic() + _AVOID_S
        with self._lock:
            for old in [entry for entry in self._own if entry[1] != window]:
                del self._own[old]
            self._own[key_id, window] += n_items
            return self._own[key_id, window]

    def _add_shared(self, key_id: int, window: int, n_items: int) -> int:
        if self._client is None:
            self._client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.25, socket_connect_timeout=0.25)
        name = f"capture:rate:{key_id}:{window}"
        pipeline = self._client.pipeline(transaction=False)
        pipeline.incrby(name, n_items)
        pipeline.expire(name, _WINDOW_S * 2)
        return int(pipeline.execute()[0])


class Backlog:
    """How many events wait in the inbox, counted at most once a second in a process."""

    def __init__(self) -> None:
        self._n_waiting = 0
        self._counted_at = self._asked_at = float("-inf")

    def count(self) -> int:
        """Return how many events wait, and call for a flush when they are many."""
        now = time.monotonic()
        if now - self._counted_at >= _COUNT_EVERY_S:
            self._counted_at = now
            self._n_waiting = InboxRequest.objects.aggregate(n=Sum("n_items"))["n"] or 0
            if self._n_waiting >= FLUSH_AT and now - self._asked_at >= _ASK_EVERY_S:
                self._asked_at = now
                _ask_for_flush()
        return self._n_waiting


def _ask_for_flush() -> None:
    try:
        app.send_task("capture.flush_inbox", retry=False)
    except BrokerError:  # the schedule flushes a few seconds later
        log.warning("capture: the broker does not answer; the inbox waits for its schedule")


rates = RateCounter()
backlog = Backlog()


def wait_for(key_id: int, n_items: int) -> tuple[int, str] | None:
    """Return (seconds to wait, why) when a sender should come back later, or None."""
    if backlog.count() >= MAX_WAITING:
        return 10, "Too many events wait to be stored."
    now = time.time()
    if rates.add(key_id, n_items, now) > MAX_RATE * _WINDOW_S:
        return int(_WINDOW_S - now % _WINDOW_S) + 1, f"This key sends more than {MAX_RATE:,} events a second."
    return None
