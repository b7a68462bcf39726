"""Who looks at which piece just now: a hint in the cache, so that two people do not work on the same one.

Nothing depends on it: a decision from a state that is no more is refused by the piece's version, hint or no hint.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

HOLD_S = 180


def _key(pk: int) -> str:
    return f"triage:held:{pk}"


def hold(pk: int, user: Any) -> int | None:
    """Say that a user looks at a piece; return who was there first, if that is somebody else."""
    try:
        if cache.add(_key(pk), user.pk, HOLD_S):
            return None
        holder = cache.get(_key(pk))
        if holder in (None, user.pk):
            cache.set(_key(pk), user.pk, HOLD_S)
            return None
        return int(holder)
    except (RedisError, OSError):
        return None


def let_go(pk: int, user: Any) -> None:
    """Say that a user is done with a piece."""
    with suppress(RedisError, OSError):
        if cache.get(_key(pk)) == user.pk:
            cache.delete(_key(pk))


def held_by_others(pks: Sequence[int], user: Any) -> set[int]:
    """Return which of some pieces others look at."""
    try:
        found = cache.get_many([_key(pk) for pk in pks])
    except (RedisError, OSError):
        return set()
    return {pk for pk in pks if found.get(_key(pk)) not in (None, user.pk)}
