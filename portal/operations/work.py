"""Work that a worker takes up: claimed, kept alive by a heartbeat, taken up again after a death, given up after some.

Each piece of work is a row with `state` (waiting, running, failed …), `heartbeat_at`, `n_attempts` and `error`, all of
them perhaps behind a prefix. A claim raises n_attempts, so that a worker which was only held up for a while finds
that the work is another's by now.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models import QuerySet
from django.utils import timezone

from portal.shell.public import Conflict

log = logging.getLogger(__name__)

HEARTBEAT_S = 5
DEAD_AFTER = timedelta(seconds=60)
MOST_ATTEMPTS = 5
_SHOW_EVERY_S = 0.7
Report = Callable[[str, int, int], None]


def claim(rows: QuerySet, pk: int, *, prefix: str = "", **also: Any) -> QuerySet | None:
    """Take a waiting row; return it as a queryset that holds it as long as it is ours, None if another was faster."""
    waiting = rows.filter(pk=pk, **{f"{prefix}state": "waiting"})
    n_before = waiting.values_list(f"{prefix}n_attempts", flat=True).first()
    if n_before is None:
        return None
    running = {f"{prefix}state": "running", f"{prefix}n_attempts": n_before + 1}
    taken = waiting.filter(**{f"{prefix}n_attempts": n_before})
    if not taken.update(**running, **{f"{prefix}heartbeat_at": timezone.now()}, **also):
        return None
    return rows.filter(pk=pk, **running)


def requeue_dead(
    rows: QuerySet, died: str, *, prefix: str = "", again: dict[str, Any], given_up: dict[str, Any]
) -> tuple[list[int], list[int]]:
    """Put rows whose worker died back to waiting; return their ids, and those of rows that no worker survives.

    died: the sentence for a row that is given up, with {n} for how often. again, given_up: fields to set besides.
    """
    dead = rows.filter(**{f"{prefix}state": "running", f"{prefix}heartbeat_at__lt": timezone.now() - DEAD_AFTER})
    requeued, ended = [], []
    for pk, n_attempts in dead.order_by("pk").values_list("pk", f"{prefix}n_attempts"):
        fields, to = {f"{prefix}state": "waiting", **again}, requeued
        if n_attempts >= MOST_ATTEMPTS:
            error = died.format(n=n_attempts, pk=pk)
            fields, to = {f"{prefix}state": "failed", f"{prefix}error": error, **given_up}, ended
        if dead.filter(pk=pk, **{f"{prefix}n_attempts": n_attempts}).update(**fields):
            to.append(pk)
    return requeued, ended


class Pulse:
    """Shows that a piece of work lives and how far it is, as long as it is this worker's.

    mine: what `claim` gave. Called with a step, it shows it; many calls of one step are shown now and then.
    """

    prefix = ""
    every_s: float = HEARTBEAT_S

    def __init__(self, mine: QuerySet, report: Report | None = None):
        self.mine, self.report = mine, report
        self._step, self._shown_at = "", 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse of {mine.model.__name__}", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(self.every_s):
                try:
                    self.touch()
                except (DatabaseError, InterfaceError):  # away for a moment: the thread waits for it
                    log.warning("%s: no heartbeat this time", self._thread.name, exc_info=True)
                    close_old_connections()
        finally:
            connection.close()

    def touch(self, **fields: Any) -> bool:
        """Note that the work lives, and other fields; say whether it is still ours."""
        return bool(self.mine.update(**{f"{self.prefix}heartbeat_at": timezone.now()}, **fields))

    def fields_of(self, step: str, done: int, total: int) -> dict[str, Any]:
        """Return the row's fields that show a step."""
        longest = self.mine.model._meta.get_field("step").max_length
        return {"step": step[:longest], "n_done": done, "n_total": total or None}

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Show a step; raises Conflict once the work is another worker's."""
        if self.report:
            self.report(step, done, total)
        now = time.monotonic()
        if step == self._step and now - self._shown_at < _SHOW_EVERY_S:
            return
        self._step, self._shown_at = step, now
        if not self.touch(**self.fields_of(step, done, total)):
            raise Conflict("Another worker has this work now.")
