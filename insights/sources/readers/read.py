"""The one entry: a file of any kind becomes a RawTable."""

from dataclasses import replace
from pathlib import Path

from insights.sources.contracts import Progress, RawTable, ReadOptions
from insights.sources.readers.delimited import read_csv
from insights.sources.readers.engine import first
from insights.sources.readers.intake import check_size, container_of, prepare_text, unpack
from insights.sources.readers.limits import Limits
from insights.sources.readers.objects import is_json, is_json_lines, options_of, read_json_document, read_json_lines
from insights.sources.readers.tables import read_parquet, read_xlsx

_KEY_SAMPLE = 20_000
_STYLE_SAMPLE = 1_000


def no_progress(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def read_file(
    connection,
    path: Path,
    folder: Path,
    *,
    options: ReadOptions | None = None,
    limits: Limits | None = None,
    progress: Progress = no_progress,
) -> RawTable:
    """Read a file into `folder`; raises FileFault with a sentence when it cannot be read as rows at all."""
    limits, options = limits or Limits(), options or ReadOptions()
    check_size(path, limits)
    kind = container_of(path)
    if kind in ("gzip", "zstd"):
        path = unpack(path, kind, folder / "unpacked", limits, progress)
        kind = container_of(path)
        if kind in ("gzip", "zstd"):
            path = unpack(path, kind, folder / "unpacked-twice", limits, progress)
            kind = container_of(path)
    if kind == "parquet":
        return read_parquet(connection, path, folder, limits, progress)
    if kind == "xlsx":
        return read_xlsx(connection, path, folder, limits, progress)
    text = prepare_text(path, folder, limits, options, progress)
    if not is_json(text):
        return read_csv(connection, text, folder, limits, options, progress)
    if is_json_lines(text):
        table = read_json_lines(connection, text, folder, limits, progress)
    else:
        table = replace(read_json_document(connection, text, folder, limits, progress), kind="json")
    columns, is_compact = find_keys(connection), _is_compact(connection)
    return replace(table, columns=columns, is_compact=is_compact, options=options_of(text))


def _is_compact(connection) -> bool:
    """Say whether most of a JSON table's first rows are written as the engine itself would write them."""
    sql = f"""SELECT count(*) FILTER (raw = TRY(json(raw))::VARCHAR) > count(*) / 2
        FROM raw_rows WHERE rowid < {_STYLE_SAMPLE}"""
    return first(connection, sql)


def find_keys(connection) -> tuple[str, ...]:
    """Return the keys of a JSON table's first rows, in the order seen; keys of inner objects as "outer.inner"."""
    sql = f"""WITH objects AS (
            SELECT rowid AS n, try_cast(raw AS JSON) AS item FROM raw_rows WHERE rowid < {_KEY_SAMPLE}),
        outer_keys AS (SELECT n, item, unnest(json_keys(item)) AS k, generate_subscripts(json_keys(item), 1) AS place
            FROM objects WHERE json_type(item) = 'OBJECT'),
        typed AS (
            SELECT n * 1000 + place AS n, k,
                json_extract(item, '/' || replace(replace(k, '~', '~0'), '/', '~1')) AS v FROM outer_keys)
        SELECT k FROM (
            SELECT k, min(n) AS seen, 0 AS depth FROM typed GROUP BY k
            UNION ALL
            SELECT k || '.' || inner_key, min(n), 1
            FROM (SELECT n, k, unnest(json_keys(v)) AS inner_key FROM typed WHERE json_type(v) = 'OBJECT')
            GROUP BY 1)
        ORDER BY depth, seen LIMIT 1000"""
    return tuple(name for (name,) in connection.execute(sql).fetchall())
