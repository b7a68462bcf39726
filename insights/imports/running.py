"""The worker's side of an import: check, run, undo; each one transaction, so a death leaves nothing half done."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from insights.imports.contracts import Fate, Seen, Taker
from insights.imports.files import remove_files
from insights.imports.kinds import get_kind
from insights.imports.models import Import, ImportProblem
from insights.imports.reading import ImportTable, open_import, plan_of
from insights.sources.public import FileFault, FileRow
from portal.audit.public import record
from portal.operations.public import Pulse, Report, claim, enqueue_on_commit, requeue_dead
from portal.shell.public import Conflict, NotAllowed, PortalError

log = logging.getLogger(__name__)

CHUNK = 2000
MOST_PROBLEMS = 50_000
_LONGEST_RAW = 65_536
_FAILED = "It stopped on an error of the portal. Nothing is half done; try it again or tell ops (import {})."
_DIED = "The worker ended {n} times before it was through. Nothing is half done; tell ops (import {pk})."
_STEPS = {
    Import.Task.CHECK: "Looking at each row",
    Import.Task.RUN: "Importing",
    Import.Task.UNDO: "Taking it back",
}


class ImportCancelled(Exception):
    """Somebody asked the work to stop."""


class _QuietPulse(Pulse):
    """The pulse of work that is one transaction, whose own writes nobody sees yet: the thread shows how far it is."""

    every_s = 1.0

    def __init__(self, mine: QuerySet, report: Report | None = None):
        super().__init__(mine, report)
        self._now: tuple[str, int, int] = ("", 0, 0)
        self.is_cancelled = False

    def touch(self, **fields: Any) -> bool:
        """Note that the work lives and how far it is; hear whether somebody wants it to stop."""
        shown = self.fields_of(*self._now) if self._now[0] else {}
        is_ours = super().touch(**shown, **fields)
        self.is_cancelled = self.is_cancelled or self.mine.exclude(cancel_requested_at=None).exists()
        return is_ours

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say how far it is; raises ImportCancelled when it should stop."""
        self._now = (step, done, total)
        if self.report:
            self.report(step, done, total)
        if self.is_cancelled:
            raise ImportCancelled


def run_task(batch_id: int, *, report: Report | None = None) -> None:
    """Do what is asked of a waiting import, in the name of who asked for it."""
    mine = claim(Import.objects.all(), batch_id, started_at=timezone.now())
    batch = mine.select_related("product__team", "asked_by").first() if mine is not None else None
    if batch is None:
        return
    with _ending(batch, mine):
        kind = get_kind(batch.kind)
        # Whoever asked may have lost the role since; nobody's wish is carried out on the portal's own authority.
        if batch.asked_by is None or not kind.may(batch.asked_by, batch.product):
            raise NotAllowed("Who asked for this may not do it any more. Somebody who may must ask again.")
        work = _undo if batch.task == Import.Task.UNDO else _take
        with _QuietPulse(mine, report) as pulse, transaction.atomic():
            done = work(batch, kind, pulse)
            if not mine.update(**done, finished_at=timezone.now(), step="", error=""):
                raise Conflict("Another worker has this import now.")


def _take(batch: Import, kind: Any, pulse: _QuietPulse) -> dict[str, Any]:
    """Look at every row, and in a run write what is new; return what the import's row says then."""
    writes = batch.task == Import.Task.RUN
    pulse("Reading the file")
    with open_import(batch, progress=pulse) as table:
        taker = kind.taker(batch.product, plan_of(batch.mapping), actor=batch.asked_by, batch=batch)
        counts = take_all(batch, table, taker, pulse, writes=writes)
    if writes:
        record(batch.asked_by, "import.run", batch, after={"kind": batch.kind, **counts})
        remove_files(batch)
        return {**counts, "state": Import.State.DONE, "path": "", "second_path": ""}
    return {**counts, "state": Import.State.CHECKED}


def take_all(batch: Import, table: ImportTable, taker: Taker, pulse: Any, *, writes: bool) -> dict[str, int]:
    """Take all rows of a table; return the counts by the names of the import's fields."""
    ImportProblem.objects.filter(batch=batch).delete()
    counts: Counter[str] = Counter()
    n_rows = n_problems = 0
    for rows in _chunks(table.rows(), CHUNK):
        seen = see(taker, rows)
        if writes:
            taker.write([one for one in seen if one.fate in (Fate.NEW, Fate.CHANGED)])
        counts.update(f"n_{one.fate}" for one in seen)
        counts["n_noted"] += sum(len(one.notes) for one in seen)
        problems = list(islice(_problems(batch, seen), MOST_PROBLEMS - n_problems))
        ImportProblem.objects.bulk_create(problems, batch_size=500)
        n_rows, n_problems = n_rows + len(rows), n_problems + len(problems)
        pulse(_STEPS[batch.task], n_rows, table.n_rows)
    names = [f"n_{fate}" for fate in Fate]
    return {"n_rows": n_rows, "n_noted": counts["n_noted"], **{name: counts[name] for name in names}}


def see(taker: Taker, rows: Sequence[FileRow]) -> list[Seen]:
    """Return what rows come to: broken ones refused, blank ones empty, the others as their kind says."""
    broken = [Seen(row, Fate.REFUSED, row.fault) for row in rows if row.fault]
    blank = [Seen(row, Fate.EMPTY) for row in rows if not row.fault and not any(map(str.strip, row.cells.values()))]
    out = {id(one.row) for one in (*broken, *blank)}
    return [*broken, *blank, *taker.look([row for row in rows if id(row) not in out])]


def _chunks(rows: Iterable[FileRow], size: int) -> Iterator[list[FileRow]]:
    there = iter(rows)
    while chunk := list(islice(there, size)):
        yield chunk


def _problems(batch: Import, seen: Iterable[Seen]) -> Iterator[ImportProblem]:
    for one in seen:
        about = {"batch": batch, "row_no": one.row.no, "raw": _plain(one.row.raw)[:_LONGEST_RAW]}
        if one.fate == Fate.REFUSED:
            value = _plain(one.row.cells.get(one.column, ""))
            yield ImportProblem(**about, column=one.column[:200], value=value, reason=one.reason[:500])
        for note in one.notes:
            yield ImportProblem(
                **about,
                is_refused=False,
                column=note.column[:200],
                value=_plain(note.value),
                reason=note.reason[:500],
            )


def _plain(text: str) -> str:
    """Return a text as PostgreSQL holds it."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _undo(batch: Import, kind: Any, pulse: _QuietPulse) -> dict[str, Any]:
    pulse(_STEPS[Import.Task.UNDO])
    n_kept = kind.undo(batch, actor=batch.asked_by, keeps_worked=batch.keeps_worked, progress=pulse)
    record(batch.asked_by, "import.undone", batch, after={"kind": batch.kind, "n_kept": n_kept})
    return {"state": Import.State.UNDONE, "n_kept": n_kept}


@contextmanager
def _ending(batch: Import, mine: QuerySet) -> Iterator[None]:
    """Write down why a task ended when it did not end well."""
    try:
        yield
    except ImportCancelled:
        _end(mine, Import.State.DONE if batch.task == Import.Task.UNDO else Import.State.CANCELLED, "")
    except FileFault as fault:
        _end(mine, Import.State.FAILED, str(fault))
    except PortalError as fault:
        sentences = [sentence for texts in fault.fields.values() for sentence in texts]
        _end(mine, Import.State.FAILED, " ".join(sentences) or fault.message)
    except Exception:  # the outermost loop of a job: the person must see that it is over
        log.exception("%s failed", batch)
        _end(mine, Import.State.FAILED, _FAILED.format(batch.pk))


def _end(mine: QuerySet, state: str, error: str) -> None:
    mine.update(state=state, error=error, finished_at=timezone.now(), step="", n_done=None, n_total=None)


@transaction.atomic
def requeue_dead_imports() -> list[int]:
    """Announce work again whose worker died, but end what no worker survives; return what was announced."""
    given_up = {"finished_at": timezone.now(), "step": ""}
    ids, _ = requeue_dead(Import.objects.all(), _DIED, again={"step": "Starting again"}, given_up=given_up)
    for batch_id in ids:
        enqueue_on_commit("imports.run_task", batch_id=batch_id)
    return ids
