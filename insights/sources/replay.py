"""Correcting quarantined rows and loading them again, through the same reading and mapping as their batch."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from insights.events.public import Batch, QuarantinedRow, start_batch
from insights.sources.contracts import FileFault, ReadOptions
from insights.sources.loads import mapping_of, rules_of
from insights.sources.mapping import MappingFault, parse_mapping
from insights.sources.readers.engine import open_engine
from insights.sources.readers.read import read_file
from insights.sources.staging import Stager
from insights.sources.uploads import load_limits, path_of, store_stream, working_folder
from portal.audit.public import record
from portal.operations.public import enqueue_on_commit
from portal.people.public import require
from portal.shell.public import BadInput

CUT_MARK = " more characters were cut]"
Replayer = Callable[[Sequence[QuarantinedRow], Mapping[int, str], Any], None]
_replayers: dict[str, Replayer] = {}


@dataclass(frozen=True)
class Replay:
    """What a replay started: batches, rows that the next flush of the API takes, and rows refused with the reason."""

    batches: list[Batch]
    refused: list[tuple[QuarantinedRow, str]]
    n_queued: int = 0


def register_replayer(kind: str, replay: Replayer) -> None:
    """Name who loads rows of a kind of batch again that were not read from a file (the capture API's)."""
    _replayers[kind] = replay


def refusal_of(row: QuarantinedRow, raw: str | None = None) -> str:
    """Return why a row cannot be loaded again from here, or nothing."""
    if row.state != QuarantinedRow.State.OPEN:
        return "This row is not open any more."
    if not row.source.is_active:
        return "The source is paused. Resume it before you load its rows again."
    if (raw if raw is not None else row.raw).endswith(CUT_MARK):
        return "This row was too long to be kept in full. Correct it in the file and load the file again."
    if "read_as" not in row.batch.mapping and row.batch.kind not in _replayers:
        return "This row did not come from a file, so it cannot be loaded again from here."
    return ""


def file_text(batch: Batch, raws: Sequence[str]) -> str:
    """Return a small file of the batch's own form that holds some raw rows, with its header where it had columns."""
    read_as = batch.mapping["read_as"]
    if read_as["is_json"]:
        return "".join(" ".join(raw.splitlines()) + "\n" for raw in raws)
    options = ReadOptions.from_json(read_as["options"])
    out = io.StringIO()
    separator, quote = options.separator or ",", options.quote or '"'
    csv.writer(out, delimiter=separator, quotechar=quote, lineterminator="\n").writerow(read_as["columns"])
    return out.getvalue() + "".join(raw.rstrip("\r\n") + "\n" for raw in raws)


def _mapping_for(batch: Batch) -> dict:
    """Return the mapping to load a batch's rows by: the source's own, mended since, where it fits; else the batch's."""
    read_as = batch.mapping["read_as"]
    is_json, value = read_as["is_json"], batch.mapping
    try:
        mended = parse_mapping(batch.source.mapping)
        if not mended.faults_for(tuple(read_as["columns"]), is_json=is_json):
            value = mended.to_json()
    except MappingFault:  # none is remembered
        pass
    options = ReadOptions.from_json(read_as["options"])
    read = {
        "encoding": "utf-8",
        "has_header": True,
        "separator": options.separator or ",",
        "quote": options.quote or '"',
    }
    value = {key: part for key, part in value.items() if key not in ("read_as", "cursor")}
    return {**value, "read": {} if is_json else read}


def fault_of(row: QuarantinedRow, raw: str) -> str:
    """Return what would still be wrong with a corrected row, or nothing when it can be loaded."""
    if "read_as" not in row.batch.mapping:
        return ""
    value = _mapping_for(row.batch)
    with working_folder() as folder:
        path = folder / "row"
        path.write_text(file_text(row.batch, [raw]), encoding="utf-8", newline="")
        try:
            with open_engine(folder) as engine:
                options = ReadOptions.from_json(value.get("read"))
                table = read_file(engine, path, folder, options=options, limits=load_limits())
                if table.rejects:
                    sql = "SELECT reason FROM read_parquet($path) ORDER BY item_no LIMIT 1"
                    return engine.execute(sql, {"path": str(table.rejects)}).fetchone()[0]
                rows = Stager(engine, table, mapping_of(value, table), rules_of(row.source)).preview(1)
        except (FileFault, MappingFault) as fault:
            return str(fault)
    return (rows[0]["reason"] or "") if rows else "There is no row in this text."


@transaction.atomic
def replay_rows(rows: Iterable[QuarantinedRow], *, actor: Any, texts: Mapping[int, str] | None = None) -> Replay:
    """Load quarantined rows again, as they are or as corrected (`texts` by row id); one batch a batch of origin."""
    texts = texts or {}
    wanted = [row.pk for row in rows]
    locked = QuarantinedRow.objects.select_for_update(of=("self",)).select_related("batch", "source__product")
    groups: dict[int, list[QuarantinedRow]] = defaultdict(list)
    refused = []
    for row in locked.filter(pk__in=wanted).order_by("pk"):
        require(actor, "sources.load", row.source)
        reason = refusal_of(row, texts.get(row.pk))
        if reason:
            refused.append((row, reason))
        else:
            groups[row.batch_id].append(row)
    batches, n_queued = [], 0
    for group in groups.values():
        origin = group[0].batch
        if "read_as" in origin.mapping:
            batches.append(_start(origin, group, texts, actor))
        else:
            _replayers[origin.kind](group, texts, actor)
            n_queued += len(group)
    return Replay(batches, refused, n_queued)


def _start(origin: Batch, rows: list[QuarantinedRow], texts: Mapping[int, str], actor: Any) -> Batch:
    content = file_text(origin, [texts.get(row.pk, row.raw) for row in rows])
    stored = store_stream([content.encode("utf-8", "replace")])
    try:
        name = f"corrected rows of load {origin.pk}"
        batch = start_batch(origin.source, Batch.Kind.REPLAY, actor=actor, file_name=name, file_path=stored.path)
        Batch.objects.filter(pk=batch.pk).update(mapping=_mapping_for(origin))
        # A row leaves the list at once, so that pressing twice loads it once; it comes back if it is still wrong.
        QuarantinedRow.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=QuarantinedRow.State.REPLAYED, replayed_in=batch
        )
        for row in rows:
            record(actor, "quarantined_row.replayed", row, after={"batch": batch.pk, "is_corrected": row.pk in texts})
        enqueue_on_commit("sources.run_load", batch_id=batch.pk)
    except BaseException:
        path_of(stored.path).unlink(missing_ok=True)
        raise
    return batch


def reopen_rows(batch: Batch) -> int:
    """Open the rows of a replay again that failed or was cancelled, so that none is lost from the list."""
    replayed = QuarantinedRow.objects.filter(replayed_in=batch, state=QuarantinedRow.State.REPLAYED)
    return replayed.update(state=QuarantinedRow.State.OPEN, replayed_in=None)


def check_fields(raw: str) -> str:
    """Return a corrected row's text, or refuse an empty one."""
    if not raw.strip():
        raise BadInput("The row is empty. Dismiss it if it should not be loaded.", fields={"raw": ["It is empty."]})
    return raw
