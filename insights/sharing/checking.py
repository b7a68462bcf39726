"""Asking a pack's questions again: answers by the workers, and what changed in the store since the freezing."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from insights.dashboards.refreshing import ask_for_old
from insights.events.public import data_version
from insights.questions.public import find_restatement, parse_question
from insights.sharing.models import Pack, PackCheck, PackTile
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM
from portal.shell.public import PortalError

_CALLER = "insights.sharing.pack"
_LOOK_EVERY_S = 5
_MOST_CHANGES = 100


def watch_pack(pack: Pack) -> bool:
    """Have a worker ask a pack's questions again where data changed; at most once in a few seconds."""
    try:
        if not cache.add(f"sharing:check:{pack.pk}", 1, _LOOK_EVERY_S):
            return False
    except (RedisError, OSError):
        return False  # without the broker's server nobody would look; the next page view asks again
    with transaction.atomic():
        enqueue_on_commit("sharing.check_pack", pack_id=pack.pk)
    return True


def check_pack(pack_id: int) -> int:
    """Ask for every answer of a pack that is missing or old, and read what changed; return how many were asked."""
    tiles = list(PackTile.objects.filter(pack=pack_id, asked__isnull=False).select_related("check_since"))
    now = timezone.now()
    n_asked = ask_for_old([tile.asked for tile in tiles], now)
    version = data_version()
    for tile in tiles:
        known = getattr(tile, "check_since", None)
        if known is None or known.version < version:
            _check_tile(tile, version, now)
    return n_asked


def _check_tile(tile: PackTile, version: int, now: datetime) -> None:
    try:
        question = parse_question(tile.counts, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
        found = find_restatement(question, tile.answer["facts"], user=SYSTEM, caller=_CALLER, limit=_MOST_CHANGES)
    except PortalError:  # a question that cannot be asked any more; its answer says why
        return
    changes: list[dict[str, Any]] = [{**asdict(one), "at": one.at.isoformat()} for one in found.changes]
    values = {"version": max(version, found.version), "n_late": found.n_late, "changes": changes, "checked_at": now}
    PackCheck.objects.update_or_create(tile=tile, defaults=values)
