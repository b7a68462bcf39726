"""A first look at a file: its columns, a guess and the first rows as events, from its head alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from insights.events.public import Source
from insights.sources.contracts import FileFault, RawTable, ReadOptions
from insights.sources.guessing import Guess, guess_mapping, sample_values
from insights.sources.loads import rules_of
from insights.sources.mapping import Mapping
from insights.sources.readers.engine import open_engine
from insights.sources.readers.intake import container_of, open_packed
from insights.sources.readers.limits import MIB
from insights.sources.readers.read import no_progress, read_file
from insights.sources.staging import Stager
from insights.sources.uploads import load_limits, working_folder

_HEAD_BYTES = 1 * MIB
_HEAD_ROWS = 1000


@dataclass(frozen=True)
class Look:
    """What the head of a file shows."""

    columns: tuple[str, ...]
    samples: dict[str, list[str]]  # up to three filled values a column
    guess: Guess
    options: ReadOptions
    kind: str
    is_json: bool
    rows: list[dict]  # previewed rows, with `reason` where a row would be quarantined
    unread: list[dict]  # rows of the head that cannot be read at all


def look_at(
    source: Source, path: Path, *, options: ReadOptions | None = None, choose: Callable[[Guess], Mapping | None]
) -> Look:
    """Read the head of a file; `choose` turns the guess into the mapping to preview by, or None for no preview."""
    with working_folder() as folder:
        head = _write_head(path, folder)
        with open_engine(folder, path) as engine:
            limits = replace(load_limits(), head_rows=_HEAD_ROWS)
            table = read_file(engine, head, folder, options=options, limits=limits, progress=no_progress)
            values = sample_values(engine, table)
            guess = guess_mapping(table, values)
            mapping = choose(guess)
            rows = []
            if mapping and not mapping.faults_for(table.columns, is_json=table.is_json):
                rows = Stager(engine, table, mapping, rules_of(source)).preview()
            unread = _unread(engine, table, is_cut=head != path)
    samples = {name: list(dict.fromkeys(filter(None, cells)))[:3] for name, cells in values.items()}
    return Look(table.columns, samples, guess, table.options, table.kind, table.is_json, rows, unread)


def _write_head(path: Path, folder: Path) -> Path:
    """Return a file with the first MiB of text, cut after a whole line; Parquet and workbooks as they are."""
    kind = container_of(path)
    if kind in ("parquet", "xlsx"):
        return path
    try:
        with open_packed(path, kind) if kind != "text" else path.open("rb") as file:
            data = file.read(_HEAD_BYTES)
    except (OSError, EOFError) as fault:
        raise FileFault(f"The {kind} file is damaged or cut off. Make it again and upload it.") from fault
    if len(data) < _HEAD_BYTES and kind == "text":
        return path
    if len(data) == _HEAD_BYTES and b"\n" in data:
        data = data[: data.rindex(b"\n") + 1]
    head = folder / "head"
    head.write_bytes(data)
    return head


def _unread(engine, table: RawTable, *, is_cut: bool) -> list[dict]:
    if table.rejects is None:
        return []
    sql = "SELECT item_no, raw, reason FROM read_parquet($path) ORDER BY item_no LIMIT 21"
    found = engine.execute(sql, {"path": str(table.rejects)}).fetchall()
    rows = [{"item_no": place, "raw": raw, "reason": reason} for place, raw, reason in found]
    if is_cut and table.kind == "json":  # the last item is broken only because the head ends there
        rows = rows[:-2] if len(rows) > 1 else []
    return rows[:20]
