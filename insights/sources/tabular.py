"""A file of any kind as rows of text cells, one by one, for rooms that bring in something other than events."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from insights.sources.contracts import FileRow, Progress, RawTable, ReadOptions, UnreadRow
from insights.sources.looking import count_sheets, write_head
from insights.sources.readers.engine import open_engine
from insights.sources.readers.read import no_progress, read_file
from insights.sources.readers.records import csv_line
from insights.sources.uploads import load_limits, working_folder

HEAD_ROWS = 1000
_DEEPEST = 4
_MEMORY_MB = 400
_CHUNK = 1000
_NAME_KEYS = ("name", "title", "label", "value")  # of an object in a list, as tags are written


class FileTable:
    """An open file: what its columns are, and its rows in their order."""

    def __init__(self, engine: Any, table: RawTable, n_sheets: int):
        self._engine, self._table = engine, table
        self.kind, self.options, self.n_rows, self.n_unread = table.kind, table.options, table.n_rows, table.n_rejects
        self.n_sheets = n_sheets
        self.columns = self._keys() if table.is_json else table.columns

    def _keys(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for number, (_, raw) in enumerate(self._fetch("raw")):
            if number >= HEAD_ROWS:
                break
            found.update(dict.fromkeys(_flat_text(raw) or ()))
        return tuple(found)

    def _fetch(self, columns: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._engine.cursor()
        cursor.execute(f"SELECT {self._table.line_sql}, {columns} FROM raw_rows")
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows

    def rows(self) -> Iterator[FileRow]:
        """Yield each row that could be read; of JSON each object, with "outer.inner" for what lies deeper."""
        if self._table.is_json:
            for place, raw in self._fetch("raw"):
                cells = _flat_text(raw)
                yield FileRow(place, cells or {}, raw, "" if cells is not None else "This item is no JSON object.")
            return
        names = self._table.columns
        for place, *cells in self._fetch(", ".join(f"c{n}" for n in range(len(names)))):
            texts = [cell or "" for cell in cells]
            yield FileRow(place, dict(zip(names, texts, strict=True)), csv_line(texts))

    def unread(self) -> Iterator[UnreadRow]:
        """Yield each row that could not be read at all, with the reason."""
        if self._table.rejects is None:
            return
        sql = "SELECT item_no, raw, reason FROM read_parquet($path) ORDER BY item_no"
        cursor = self._engine.cursor()
        cursor.execute(sql, {"path": str(self._table.rejects)})
        while rows := cursor.fetchmany(_CHUNK):
            for place, raw, reason in rows:
                yield UnreadRow(place, raw, reason)


@contextmanager
def open_table(
    path: Path, *, options: ReadOptions | None = None, is_head: bool = False, progress: Progress = no_progress
) -> Iterator[FileTable]:
    """Open a file as a table, or with `is_head` what its first MiB and thousand rows hold; raises FileFault."""
    with working_folder() as folder:
        target = write_head(path, folder) if is_head else path
        with open_engine(folder, path, memory_mb=_MEMORY_MB) as engine:
            limits = replace(load_limits(), head_rows=HEAD_ROWS if is_head else 0)
            table = read_file(engine, target, folder, options=options, limits=limits, progress=progress)
            yield FileTable(engine, table, count_sheets(path) if table.kind == "xlsx" else 0)


def _flat_text(raw: str) -> dict[str, str] | None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return flatten(value) if isinstance(value, dict) else None


def flatten(value: dict[str, Any]) -> dict[str, str]:
    """Return an object as text cells; a list of texts or of named things is one cell with a line for each.

    >>> flatten({"id": 7, "via": {"channel": "web"}, "tags": ["a", "b"], "is_open": True, "note": None})
    {'id': '7', 'via.channel': 'web', 'tags': 'a\\nb', 'is_open': 'true', 'note': ''}
    >>> flatten({"tags": {"tags": [{"id": "1", "name": "Slow"}]}})
    {'tags.tags': 'Slow'}
    """
    found: dict[str, str] = {}

    def walk(prefix: str, inner: dict[str, Any], depth: int) -> None:
        for key, item in inner.items():
            name = (f"{prefix}.{key}" if prefix else str(key))[:200]
            if isinstance(item, dict) and depth < _DEEPEST:
                walk(name, item, depth + 1)
            else:
                found[name] = _text(item)

    walk("", value, 1)
    return found


def _text(item: Any) -> str:
    if item is None:
        return ""
    if isinstance(item, str):
        return item
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, list) and all(isinstance(one, (str, int, float)) for one in item):
        return "\n".join(_text(one) for one in item)
    if isinstance(item, list) and item and all(isinstance(one, dict) for one in item):
        names = [next((one[key] for key in _NAME_KEYS if isinstance(one.get(key), str)), None) for one in item]
        if all(name is not None for name in names):
            return "\n".join(str(name) for name in names)
    return json.dumps(item, ensure_ascii=False)
