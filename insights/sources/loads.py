"""Running a load: claim, read, stage, commit; or try it without committing. A load that died is simply run again."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from insights.catalogue.public import announce_commit
from insights.events.public import Batch, BatchCounts, Source, commit_staged, dry_run
from insights.sources.contracts import FileFault, LoadCancelled, RawTable, ReadOptions
from insights.sources.mapping import Mapping, MappingFault, parse_mapping, standard_mapping
from insights.sources.models import Upload
from insights.sources.readers.engine import open_engine
from insights.sources.readers.read import read_file
from insights.sources.staging import Rules, Staged, Stager
from insights.sources.uploads import kept_file, load_limits, working_folder
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

HEARTBEAT_S = 5
DEAD_AFTER = timedelta(seconds=60)
_SHOW_EVERY_S = 0.7
_FAILED = "The load stopped on an error of the portal. Nothing was stored; run it again or tell ops (batch %s)."
FileKinds = (Batch.Kind.UPLOAD, Batch.Kind.FOLDER, Batch.Kind.SQL, Batch.Kind.REPLAY)


class Pulse:
    """Shows that a load lives and how far it is, and hears that somebody wants it to stop."""

    def __init__(self, batch: Batch, report: Callable[[str, int, int], None] | None = None):
        self.batch, self.report = batch, report
        self.is_cancelled = False
        self.engine = None
        self._shown_at = 0.0
        self._step = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse-{batch.pk}", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *exc_info) -> None:
        self._over.set()
        self._thread.join()

    def _mine(self):
        return Batch.objects.filter(pk=self.batch.pk, state=Batch.State.RUNNING)

    def _beat(self) -> None:
        try:
            while not self._over.wait(HEARTBEAT_S):
                self._touch()
        finally:
            connection.close()

    def _touch(self) -> None:
        try:
            self._mine().update(heartbeat_at=timezone.now())
            asked = self._mine().values_list("cancel_requested_at", flat=True).first()
        except Exception:  # a database that is away for a moment must not end the thread that waits for it
            log.warning("load %s: no heartbeat this time", self.batch.pk, exc_info=True)
            close_old_connections()
            return
        if asked and not self.is_cancelled:
            self.is_cancelled = True
            if self.engine is not None:
                self.engine.interrupt()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show a step; raises LoadCancelled when the load should stop."""
        if self.is_cancelled:
            raise LoadCancelled
        if self.report:
            self.report(step, done, total)
        now = time.monotonic()
        if step == self._step and now - self._shown_at < _SHOW_EVERY_S:
            return
        self._step, self._shown_at = step, now
        fields = {"step": step[:60], "n_done": done, "n_total": total or None, "heartbeat_at": timezone.now()}
        self._mine().update(**fields)
        if self._mine().exclude(cancel_requested_at=None).exists():
            self.is_cancelled = True
            raise LoadCancelled


@dataclass(frozen=True)
class ReadAs:
    """How a batch's rows were read, kept so that a single row can be read again later."""

    is_json: bool
    columns: tuple[str, ...]
    options: ReadOptions

    def to_json(self) -> dict:
        """Return the value as it is kept in the batch's mapping."""
        columns = [] if self.is_json else list(self.columns)
        return {"is_json": self.is_json, "columns": columns, "options": self.options.to_json()}


def mapping_of(value: dict, table: RawTable) -> Mapping:
    """Return the mapping to read a table by; without one, the table must carry the standard names."""
    value = {key: part for key, part in value.items() if key not in ("read_as", "cursor")}
    if not value:
        mapping = standard_mapping(table.columns)
        if mapping is None:
            raise FileFault(
                "Nobody has said yet which column is what, and the columns do not have the standard names "
                "(event, distinct_id, timestamp). Look at its columns first, and say which is what."
            )
        return mapping
    mapping = parse_mapping(value)
    faults = mapping.faults_for(table.columns, is_json=table.is_json)
    if faults:
        raise MappingFault(faults)
    return mapping


def rules_of(source: Source) -> Rules:
    """Return what a source says about times."""
    return Rules(source.time_zone, source.earliest_day, timezone.now())


def stage_file(
    source: Source, path: Path, value: dict, folder: Path, progress: Callable, *, pulse: Pulse | None = None
) -> tuple[Staged, RawTable, Mapping]:
    """Read a file and write its staging into `folder`; raises FileFault or MappingFault."""
    options = ReadOptions.from_json(value.get("read"))
    with open_engine(folder, path) as engine:
        if pulse:
            pulse.engine = engine
        try:
            table = read_file(engine, path, folder, options=options, limits=load_limits(), progress=progress)
            mapping = mapping_of(value, table)
            progress("Turning rows into events", 0, table.n_rows)
            staged = Stager(engine, table, mapping, rules_of(source)).write(folder)
        finally:
            if pulse:
                pulse.engine = None
    return staged, table, mapping


def claim(batch_id: int) -> Batch | None:
    """Take a waiting load; None when another worker has it or it is over."""
    now = timezone.now()
    waiting = Batch.objects.filter(pk=batch_id, state=Batch.State.WAITING)
    if not waiting.update(state=Batch.State.RUNNING, started_at=now, heartbeat_at=now):
        return None
    return Batch.objects.select_related("source__product", "source__id_space").get(pk=batch_id)


def file_of(batch: Batch) -> Path:
    """Return the file of a batch: an upload by its random name, or the path that a command gave."""
    if not batch.file_path.startswith("/"):
        return kept_file(batch.file_path)
    path = Path(batch.file_path)
    if not path.is_file():
        raise FileFault("The file of this load is not where it was. Give it to the command again.")
    return path


def run_load(
    batch_id: int,
    *,
    report: Callable[[str, int, int], None] | None = None,
    also: Callable[[Batch], None] | None = None,
) -> BatchCounts | None:
    """Run a waiting load to its end and return its counts; None when it is not ours, failed or was cancelled."""
    batch = claim(batch_id)
    if batch is None:
        return None
    with _ending(batch), Pulse(batch, report) as pulse, working_folder() as folder:
        path, options = file_of(batch), ReadOptions.from_json(batch.mapping.get("read"))
        _, table, mapping = stage_file(batch.source, path, batch.mapping, folder, pulse, pulse=pulse)
        read_as = ReadAs(table.is_json, table.columns, table.options)
        kept = {**batch.mapping, **mapping.to_json(), "read_as": read_as.to_json()}
        Batch.objects.filter(pk=batch.pk).update(mapping=kept)

        def raw_of(item_nos: Sequence[int]) -> dict[int, str]:
            # Seldom asked for, so the rows are read again rather than kept beside the store's own work.
            with open_engine(folder, path) as engine:
                again = read_file(engine, path, folder, options=options, limits=load_limits())
                return Stager(engine, again, mapping, rules_of(batch.source)).raw_of(item_nos)

        def finish() -> None:
            announce_commit(batch.source_id, at_once=batch.kind in (Batch.Kind.UPLOAD, Batch.Kind.REPLAY))
            if also is not None:
                also(batch)

        return commit_staged(batch, folder, raw_of=raw_of, progress=pulse, also=finish)
    return None


@contextmanager
def _ending(batch: Batch) -> Iterator[None]:
    """Write down how a load ended when it did not end well."""
    try:
        yield
    except LoadCancelled:
        _end(batch, Batch.State.CANCELLED, "")
    except (FileFault, MappingFault) as fault:
        _end(batch, Batch.State.FAILED, str(fault))
    except PortalError as fault:
        _end(batch, Batch.State.FAILED, fault.message)
    except Exception as fault:  # the outermost loop of a job: the person must see that it is over, and why
        if _is_interrupt(fault) and Batch.objects.filter(pk=batch.pk).exclude(cancel_requested_at=None).exists():
            _end(batch, Batch.State.CANCELLED, "")
            return
        log.exception("load %s failed", batch.pk)
        _end(batch, Batch.State.FAILED, _FAILED % batch.pk)


def _is_interrupt(fault: Exception) -> bool:
    return "Interrupt" in type(fault).__name__ or "INTERRUPT" in str(fault)


def _end(batch: Batch, state: str, error: str) -> None:
    now = timezone.now()
    running = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING)
    running.update(state=state, error=error, finished_at=now, heartbeat_at=now, step="")


def requeue_dead_loads() -> list[int]:
    """Put loads whose worker died back to waiting; return their ids, to be sent again."""
    dead = Batch.objects.filter(kind__in=FileKinds, state=Batch.State.RUNNING)
    dead = dead.filter(heartbeat_at__lt=timezone.now() - DEAD_AFTER).exclude(file_path="")
    ids = list(dead.values_list("pk", flat=True))
    again = [pk for pk in ids if dead.filter(pk=pk).update(state=Batch.State.WAITING, step="Starting again")]
    return again + _forgotten_loads()


def _forgotten_loads() -> list[int]:
    """Return loads that wait though nobody is on the way: what read their folder or query died before it ran them."""
    long_ago = timezone.now() - DEAD_AFTER
    waiting = Batch.objects.filter(kind__in=[Batch.Kind.FOLDER, Batch.Kind.SQL], state=Batch.State.WAITING)
    waiting = waiting.filter(Q(heartbeat_at=None) | Q(heartbeat_at__lt=long_ago), created_at__lt=long_ago)
    ids = list(waiting.values_list("pk", flat=True))
    return [pk for pk in ids if waiting.filter(pk=pk).update(heartbeat_at=timezone.now())]


def run_trial(upload_id: int) -> None:
    """Say what a load of an upload would bring, by the same reading and the same comparison, storing nothing."""
    waiting = Upload.objects.filter(pk=upload_id, trial_state=Upload.TrialState.WAITING)
    if not waiting.update(trial_state=Upload.TrialState.RUNNING, trial_heartbeat_at=timezone.now()):
        return
    upload = Upload.objects.select_related("source__product", "source__id_space").get(pk=upload_id)
    mine = Upload.objects.filter(pk=upload_id, trial_state=Upload.TrialState.RUNNING)
    shown = [0.0]

    def progress(step: str, done: int, total: int) -> None:
        if time.monotonic() - shown[0] > _SHOW_EVERY_S:
            shown[0] = time.monotonic()
            mine.update(trial_heartbeat_at=timezone.now(), trial={"step": step, "n_done": done, "n_total": total})

    try:
        with working_folder() as folder:
            stage_file(upload.source, kept_file(upload.path), upload.mapping, folder, progress)
            progress("Comparing with what is stored", 0, 0)
            counts = dry_run(upload.source, folder)
    except (FileFault, MappingFault, PortalError) as fault:
        mine.update(trial_state=Upload.TrialState.FAILED, trial_error=str(fault))
    except Exception:  # the outermost loop of a job: the page must not wait for ever
        log.exception("trial of upload %s failed", upload_id)
        sentence = "The dry run stopped on an error of the portal. Try it again, or tell ops."
        mine.update(trial_state=Upload.TrialState.FAILED, trial_error=sentence)
    else:
        mine.update(trial_state=Upload.TrialState.DONE, trial=_plain_counts(counts), trial_error="")


def _plain_counts(counts: BatchCounts) -> dict[str, int]:
    names = ("n_read", "n_accepted", "n_duplicates", "n_quarantined", "n_conflicts")
    return {name: getattr(counts, name) for name in names}


def requeue_dead_trials() -> list[int]:
    """Put dry runs whose worker died back to waiting; return their ids."""
    dead = Upload.objects.filter(trial_state=Upload.TrialState.RUNNING)
    dead = dead.filter(trial_heartbeat_at__lt=timezone.now() - DEAD_AFTER)
    ids = list(dead.values_list("pk", flat=True))
    return [pk for pk in ids if dead.filter(pk=pk).update(trial_state=Upload.TrialState.WAITING)]
