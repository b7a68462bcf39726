"""Working through a refresh: one step after the other, whatever happens to one of them.

A worker may die at any line: the lease runs out, and the next worker goes on with the step that was not finished,
from its beginning. Steps are safe to run again.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, F
from django.utils import timezone

from portal.refresh.lease import Holding, LeaseLost, hold_lease, is_held
from portal.refresh.models import LIVE, Lease, Refresh, RefreshStep, State
from portal.shell.public import NightStep, PortalError, registry

log = logging.getLogger(__name__)

# A step that took its worker down this often (out of memory, say) is given up, so that the others get their turn.
_MAX_ATTEMPTS = 3


class Night:
    """What a step gets in hand: the time, and ways to say how far it is and what it met."""

    def __init__(self, step: RefreshStep, holding: Holding, now: datetime) -> None:
        self.now = now
        self._step = step
        self._holding = holding

    def check_still_mine(self) -> None:
        """Raise LeaseLost when another worker has taken over."""
        self._holding.check()

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Say how far the step is."""
        self._write(n_done=done, n_total=total, note=note[:300])

    def count(self, *, rows_in: int = 0, rows_out: int = 0, quarantined: int = 0) -> None:
        """Add to the rows that the step read, kept and put in quarantine."""
        self._write(
            rows_in=F("rows_in") + rows_in,
            rows_out=F("rows_out") + rows_out,
            rows_quarantined=F("rows_quarantined") + quarantined,
        )

    def problem(self, sentence: str) -> None:
        """Keep a sentence about an item that failed; the step goes on."""
        self._step.problems = [*self._step.problems, sentence][:200]
        self._write(problems=self._step.problems)

    def _write(self, **fields) -> None:
        self.check_still_mine()
        _guarded(self._step, self._holding, **fields)


def _guarded(row: Refresh | RefreshStep, holding: Holding, **fields) -> None:
    """Update a row only while the lease is ours, so that a worker that was given up writes nothing."""
    is_mine = Exists(Lease.objects.filter(holding.mine()))
    if not type(row).objects.filter(is_mine, pk=row.pk).update(**fields):
        raise LeaseLost()


def work_on_refresh(refresh_id: int, clock: Callable[[], datetime] = timezone.now) -> bool:
    """Work through the steps that are left; False when another worker holds the lease or all is done."""
    with hold_lease() as holding:
        if holding is None:
            return False
        refresh = Refresh.objects.filter(pk=refresh_id, state__in=LIVE).first()
        if refresh is None:
            return False
        try:
            _work_through(refresh, holding, clock)
        except LeaseLost:
            log.warning("refresh %s was taken over by another worker", refresh_id)
            return False
    return True


def _work_through(refresh: Refresh, holding: Holding, clock: Callable[[], datetime]) -> None:
    if refresh.started_at is None:
        _guarded(refresh, holding, started_at=clock())
    _guarded(refresh, holding, state=State.RUNNING)
    pieces = {piece.name: piece for piece in registry.all(NightStep)}
    for step in refresh.steps.filter(state__in=LIVE).order_by("position"):
        _work_on_step(step, pieces.get(step.name), holding, clock)
    has_failed = refresh.steps.filter(state=State.FAILED).exists()
    _guarded(refresh, holding, state=State.FAILED if has_failed else State.DONE, finished_at=clock())


def _work_on_step(step: RefreshStep, piece: NightStep | None, holding: Holding, clock: Callable[[], datetime]) -> None:
    if piece is None or step.n_attempts >= _MAX_ATTEMPTS:
        reason = (
            "This step is not part of the portal any more."
            if piece is None
            else f"This step stopped its worker {step.n_attempts} times and was given up. Look into the worker's log."
        )
        _guarded(step, holding, state=State.FAILED, finished_at=clock(), error=reason)
        return
    now = clock()
    fresh = {"rows_in": 0, "rows_out": 0, "rows_quarantined": 0, "problems": [], "n_done": 0, "n_total": 0, "note": ""}
    _guarded(step, holding, state=State.RUNNING, started_at=now, n_attempts=F("n_attempts") + 1, **fresh)
    step.problems = []
    try:
        piece.work(Night(step, holding, now))
    except LeaseLost:
        raise
    except PortalError as error:
        _guarded(step, holding, state=State.FAILED, finished_at=clock(), error=error.message)
    except Exception as error:  # the outermost loop of a job: one step must not stop the others
        log.exception("refresh: step %s failed", step.name)
        reason = f"An error of the portal's own: {type(error).__name__}. The worker's log has the details."
        _guarded(step, holding, state=State.FAILED, finished_at=clock(), error=reason)
    else:
        _guarded(step, holding, state=State.DONE, finished_at=clock(), error="")


def find_abandoned_refreshes() -> list[int]:
    """Return the refreshes that wait or run with no living worker, oldest first."""
    if is_held():
        return []
    return list(Refresh.objects.filter(state__in=LIVE).order_by("pk").values_list("pk", flat=True))
