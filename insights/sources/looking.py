"""A first look at a file: its columns, a guess and the first rows as events, from its head alone."""

import codecs
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from insights.events.public import Source
from insights.sources.contracts import FileFault, RawTable, ReadOptions
from insights.sources.guessing import Guess, guess_mapping, sample_values
from insights.sources.loads import rules_of
from insights.sources.mapping import MappingFault, parse_mapping
from insights.sources.readers.engine import open_engine
from insights.sources.readers.intake import container_of, open_packed
from insights.sources.readers.limits import MIB
from insights.sources.readers.read import no_progress, read_file
from insights.sources.staging import Stager
from insights.sources.uploads import load_limits, working_folder

_HEAD_BYTES = 1 * MIB
_HEAD_ROWS = 1000
_LOOK_BYTES = 4096
_NEVER_IN_TEXT = frozenset({*range(1, 9), *range(14, 27), 28, 29, 30, 31, 127})


@dataclass(frozen=True)
class Look:
    """What the head of a file shows."""

    columns: tuple[str, ...]
    samples: dict[str, list[str]]  # up to three filled values a column
    guess: Guess
    options: ReadOptions
    kind: str
    is_json: bool
    mapping: dict  # what was wanted where it fits the file, else the guess
    fits: bool  # whether what was wanted fits
    rows: list[dict]  # rows previewed by that mapping, with `reason` where a row would be quarantined
    unread: list[dict]  # rows of the head that cannot be read at all
    n_seen: int  # rows of the head
    n_sheets: int  # of a workbook

    @property
    def columns_key(self) -> str:
        """Return a mark of the columns, to tell whether a form was made for these."""
        return str(zlib.crc32("\x1f".join(self.columns).encode()))


def look_at(
    source: Source, path: Path, *, wanted: dict | None = None, options: ReadOptions | None = None, n_rows: int = 20
) -> Look:
    """Read the head of a file and preview `n_rows` of it by the mapping that is wanted, where it fits, or the guess."""
    with working_folder() as folder:
        head = write_head(path, folder)
        with open_engine(folder, path) as engine:
            limits = replace(load_limits(), head_rows=_HEAD_ROWS)
            table = read_file(engine, head, folder, options=options, limits=limits, progress=no_progress)
            values = sample_values(engine, table)
            guess = guess_mapping(table, values)
            fits = _fits(wanted, table)
            value = wanted if wanted and fits else guess.mapping
            rows = []
            if n_rows and _fits(value, table):
                rows = Stager(engine, table, parse_mapping(value), rules_of(source)).preview(n_rows)
            unread = _unread(engine, table, is_cut=head != path)
    samples = {name: list(dict.fromkeys(filter(None, cells)))[:3] for name, cells in values.items()}
    return Look(
        columns=table.columns,
        samples=samples,
        guess=guess,
        options=table.options,
        kind=table.kind,
        is_json=table.is_json,
        mapping=value,
        fits=fits,
        rows=rows,
        unread=unread,
        n_seen=max(map(len, values.values()), default=0) + len(unread),
        n_sheets=count_sheets(path) if table.kind == "xlsx" else 0,
    )


def _fits(value: dict | None, table: RawTable) -> bool:
    """Say whether a mapping reads this file; of objects, whether any of them has each role's key."""
    try:
        mapping = parse_mapping(value) if value else None
    except MappingFault:
        return False
    if mapping is None:
        return False
    needed = [mapping.who, mapping.when, *([mapping.what] if mapping.what else [])]
    is_there = all(set(names).intersection(table.columns) for names in needed)
    return is_there and not mapping.faults_for(table.columns, is_json=table.is_json)


def write_head(path: Path, folder: Path) -> Path:
    """Return a file with the first MiB of text, cut after a whole line; Parquet and workbooks as they are."""
    import zstandard

    kind = container_of(path)
    if kind in ("parquet", "xlsx"):
        return path
    try:
        with open_packed(path, kind) if kind != "text" else path.open("rb") as file:
            data = file.read(_HEAD_BYTES)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as fault:
        raise FileFault(f"The {kind} file is damaged or cut off. Make it again and upload it.") from fault
    _refuse_no_text(data[:_LOOK_BYTES])
    if len(data) < _HEAD_BYTES and kind == "text":
        return path
    if len(data) == _HEAD_BYTES and b"\n" in data:
        data = data[: data.rindex(b"\n") + 1]
    head = folder / "head"
    head.write_bytes(data)
    return head


def _refuse_no_text(head: bytes) -> None:
    """Refuse what is plainly no table of text: a web page, or bytes that text does not have."""
    if head.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1", b"PK\x03\x04")):  # packed twice: seen later
        return
    if head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise FileFault("This is a web page, perhaps one that asks to log in. Export the rows again and upload those.")
    # Encodings of two and four bytes have such bytes rightly; they say so at the start, or are half empty.
    is_wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head.count(0) > len(head) / 5
    n_odd = sum(byte in _NEVER_IN_TEXT for byte in head)
    if not is_wide and n_odd > len(head) / 50:
        raise FileFault("This is no text, and no kind of file that is known here. Export it as CSV and upload that.")


def count_sheets(path: Path) -> int:
    """Return how many sheets a workbook has; only the first is read."""
    with zipfile.ZipFile(path) as archive:
        return sum(name.startswith("xl/worksheets/") and name.endswith(".xml") for name in archive.namelist())


def _unread(engine, table: RawTable, *, is_cut: bool) -> list[dict]:
    if table.rejects is None:
        return []
    sql = "SELECT item_no, raw, reason FROM read_parquet($path) ORDER BY item_no LIMIT 21"
    found = engine.execute(sql, {"path": str(table.rejects)}).fetchall()
    rows = [{"item_no": place, "raw": raw, "reason": reason} for place, raw, reason in found]
    if is_cut and table.kind == "json":  # the last item is broken only because the head ends there
        rows = rows[:-2] if len(rows) > 1 else []
    return rows[:20]
