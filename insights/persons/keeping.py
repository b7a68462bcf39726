"""What was read of the store for a list, kept in the cache with the version of the store that it was read of.

One entry a name and set of sources; where the cache does not answer, nothing is kept and all is read again. A version
never comes back with other data: restoring a backup empties the cache.
"""

import datetime as dt
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

_KEEP_S = 2 * 24 * 3600  # what the night counted is there until the next night is over
_LAYOUT = 4  # of what is kept; raise it when that changes


@dataclass(frozen=True)
class Kept:
    """A value with the version of the store of which it was read, that version's newest change of data, and when."""

    version: int
    changed_version: int
    read_at: dt.datetime
    value: Any

    def is_of(self, snapshot: Any) -> bool:
        """Say whether it was read of the same data."""
        return self.changed_version == snapshot.changed_version


def find_kept(name: str, snapshot: Any) -> Kept | None:
    """Return what was kept last under a name for a snapshot's sources, of whatever version."""
    try:
        found = cache.get(_key(name, snapshot.source_ids))
    except (RedisError, OSError):
        log.warning("the cache does not answer; reading without it")
        return None
    return Kept(*found) if found is not None else None


def keep(name: str, snapshot: Any, value: Any) -> Kept:
    """Keep what was read of a snapshot in the place of what is older."""
    kept = Kept(snapshot.version, snapshot.changed_version, timezone.now(), value)
    with suppress(RedisError, OSError):
        held = (kept.version, kept.changed_version, kept.read_at, kept.value)
        cache.set(_key(name, snapshot.source_ids), held, timeout=_KEEP_S)
    return kept


def take_turn(name: str, snapshot: Any, hold_s: int) -> bool:
    """Say whether nobody took this turn in the last seconds; nobody has one while the cache is away."""
    try:
        return bool(cache.add(f"{_key(name, snapshot.source_ids)}:turn", 1, hold_s))
    except (RedisError, OSError):
        return False


def end_turn(name: str, snapshot: Any, rest_s: int) -> None:
    """Let the next one have the turn after a rest."""
    key = f"{_key(name, snapshot.source_ids)}:turn"
    with suppress(RedisError, OSError):
        if rest_s:
            cache.set(key, 1, rest_s)
        else:
            cache.delete(key)


def _key(name: str, source_ids: Any) -> str:
    return f"persons:{_LAYOUT}:{name}:{','.join(map(str, sorted(source_ids)))}"
