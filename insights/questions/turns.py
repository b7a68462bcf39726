"""Fair turns: one person's questions never take all places, however many they ask at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from portal.shell.public import TooOften

MOST_AT_ONCE = 2
WAIT_S = 5.0
_POLL_S = 0.05
_AWAY = (RedisError, OSError)


@contextmanager
def fair_turn(user: Any, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold one of a person's places while a question is computed; the portal's own work needs none.

    Raises: TooOften when all of the person's places stay taken. While the cache is away, everybody passes.
    """
    if user.pk is None:
        yield
        return
    try:
        key = _take(user.pk, wait_s)
    except _AWAY:
        yield
        return
    try:
        yield
    finally:
        with suppress(*_AWAY):  # a place that stays taken frees itself after a while
            cache.delete(key)


def _take(user_id: int, wait_s: float) -> str:
    give_up_at = time.monotonic() + wait_s
    while True:
        for place in range(MOST_AT_ONCE):
            key = f"questions:turn:{user_id}:{place}"
            if cache.add(key, 1, timeout=2 * settings.QUESTION_TIME_LIMIT_S + 30):
                return key
        if time.monotonic() >= give_up_at:
            raise TooOften(f"{MOST_AT_ONCE} of your questions are being answered already. Wait, then ask again.")
        time.sleep(_POLL_S)
