"""Running a load: claim, read, stage, commit; or try it without committing. A load that died is simply run again."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q, QuerySet
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
from portal.operations.public import DEAD_AFTER, Pulse, claim, requeue_dead
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

_FAILED = "The load stopped on an error of the portal. Nothing was stored; run it again or tell ops (batch %s)."
_DIED = (
    "The worker ended {n} times before the load was through. Nothing was stored. "
    "Cut the file into smaller ones and load those, or tell ops (batch {pk})."
)
_TRIAL_DIED = "The worker ended {n} times before the dry run was through. Cut the file into smaller ones, or tell ops."
FileKinds = (Batch.Kind.UPLOAD, Batch.Kind.FOLDER, Batch.Kind.SQL, Batch.Kind.REPLAY)


class LoadPulse(Pulse):
    """The pulse of a load, which also hears that somebody wants it to stop."""

    engine = None
    is_cancelled = False

    def touch(self, **fields) -> bool:
        """Note that the load lives; once somebody asks it to stop, what the engine does just now is broken off."""
        is_ours = super().touch(**fields)
        if not self.is_cancelled and self.mine.exclude(cancel_requested_at=None).exists():
            self.is_cancelled = True
            if self.engine is not None:
                self.engine.interrupt()
        return is_ours

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Show a step; raises LoadCancelled when the load should stop."""
        if not self.is_cancelled:
            super().__call__(step, done, total)
        if self.is_cancelled:
            raise LoadCancelled


class _TrialPulse(Pulse):
    """The pulse of a dry run, whose row is its upload's."""

    prefix = "trial_"

    def fields_of(self, step: str, done: int, total: int) -> dict:
        """Return what the page of the dry run shows."""
        return {"trial": {"step": step, "n_done": done, "n_total": total}}


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
    source: Source, path: Path, value: dict, folder: Path, progress: Callable, *, pulse: LoadPulse | None = None
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


def _taken(batch_id: int) -> tuple[Batch, QuerySet] | None:
    """Take a waiting load; return it with the queryset that holds it as long as it is ours."""
    mine = claim(Batch.objects.all(), batch_id, started_at=timezone.now())
    if mine is None:
        return None
    batch = mine.select_related("source__product", "source__id_space").first()
    return (batch, mine) if batch else None


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
    taken = _taken(batch_id)
    if taken is None:
        return None
    batch, mine = taken
    with _ending(batch, mine), LoadPulse(mine, report) as pulse, working_folder() as folder:
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
def _ending(batch: Batch, mine: QuerySet) -> Iterator[None]:
    """Write down how a load ended when it did not end well."""
    try:
        yield
    except LoadCancelled:
        _end(mine, Batch.State.CANCELLED, "")
    except (FileFault, MappingFault) as fault:
        _end(mine, Batch.State.FAILED, str(fault))
    except PortalError as fault:
        _end(mine, Batch.State.FAILED, fault.message)
    except Exception as fault:  # the outermost loop of a job: the person must see that it is over, and why
        if _is_interrupt(fault) and mine.exclude(cancel_requested_at=None).exists():
            _end(mine, Batch.State.CANCELLED, "")
            return
        log.exception("load %s failed", batch.pk)
        _end(mine, Batch.State.FAILED, _FAILED % batch.pk)


def _is_interrupt(fault: Exception) -> bool:
    return "Interrupt" in type(fault).__name__ or "INTERRUPT" in str(fault)


def _end(mine: QuerySet, state: str, error: str) -> None:
    now = timezone.now()
    mine.update(state=state, error=error, finished_at=now, heartbeat_at=now, step="")


def requeue_dead_loads() -> tuple[list[int], list[int]]:
    """Put loads whose worker died back to waiting; return the ids to be sent again, and of those given up."""
    files = Batch.objects.filter(kind__in=FileKinds).exclude(file_path="")
    given_up = {"finished_at": timezone.now(), "step": ""}
    again, ended = requeue_dead(files, _DIED, again={"step": "Starting again"}, given_up=given_up)
    return again + _forgotten_loads(), ended


def _forgotten_loads() -> list[int]:
    """Return loads that wait though nobody is on the way: what read their folder or query died before it ran them."""
    long_ago = timezone.now() - DEAD_AFTER
    waiting = Batch.objects.filter(kind__in=[Batch.Kind.FOLDER, Batch.Kind.SQL], state=Batch.State.WAITING)
    waiting = waiting.filter(Q(heartbeat_at=None) | Q(heartbeat_at__lt=long_ago), created_at__lt=long_ago)
    ids = list(waiting.values_list("pk", flat=True))
    return [pk for pk in ids if waiting.filter(pk=pk).update(heartbeat_at=timezone.now())]


def run_trial(upload_id: int) -> None:
    """Say what a load of an upload would bring, by the same reading and the same comparison, storing nothing."""
    mine = claim(Upload.objects.all(), upload_id, prefix="trial_")
    upload = mine.select_related("source__product", "source__id_space").first() if mine is not None else None
    if upload is None:
        return
    try:
        with _TrialPulse(mine) as pulse, working_folder() as folder:
            stage_file(upload.source, kept_file(upload.path), upload.mapping, folder, pulse)
            pulse("Comparing with what is stored")
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
    """Put dry runs whose worker died back to waiting; return their ids. One that no worker survives has failed."""
    return requeue_dead(Upload.objects.all(), _TRIAL_DIED, prefix="trial_", again={}, given_up={"trial": {}})[0]
