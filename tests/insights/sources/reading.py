"""Helpers of the reader tests: read bytes as a file of any kind, return plain rows."""

import datetime as dt
from pathlib import Path

from insights.sources.mapping import parse_mapping, standard_mapping
from insights.sources.readers.engine import open_engine
from insights.sources.readers.limits import Limits
from insights.sources.readers.read import read_file
from insights.sources.staging import Rules, Stager

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


def read(folder: Path, data: bytes, *, name="file", limits=None, options=None):
    """Return (table, [(line, cells…)], [(line, raw, reason code)])."""
    path = folder / name
    path.write_bytes(data)
    with open_engine(folder) as engine:
        table = read_file(engine, path, folder, limits=limits or Limits(), options=options)
        rows = engine.execute(f"SELECT {table.line_sql} AS place, * FROM raw_rows ORDER BY place")
        places = [column[0] for column in rows.description]
        keep = [n for n, column in enumerate(places) if column == "place" or column == "raw" or column[0] == "c"]
        cells = [tuple(row[n] for n in keep) for row in rows.fetchall()]
        rejects = []
        if table.rejects:
            sql = "SELECT item_no, raw, reason_code FROM read_parquet($path) ORDER BY 1"
            rejects = engine.execute(sql, {"path": str(table.rejects)}).fetchall()
    return table, cells, rejects


def stage(folder: Path, data: bytes, mapping=None, *, zone="UTC", earliest=dt.date(1970, 1, 1), now=NOW):
    """Return (events as dicts, rejects as dicts, traits as dicts)."""
    path = folder / "file"
    path.write_bytes(data)
    with open_engine(folder) as engine:
        table = read_file(engine, path, folder)
        chosen = parse_mapping(mapping) if mapping else standard_mapping(table.columns)
        staged = Stager(engine, table, chosen, Rules(zone, earliest, now)).write(folder)
        found = []
        for kind in ("events", "rejects", "traits"):
            files = [str(file) for file in sorted(folder.glob(f"{kind}-*.parquet"))]
            if not files:
                found.append([])
                continue
            rows = engine.execute("SELECT * FROM read_parquet($files) ORDER BY item_no", {"files": files})
            names = [column[0] for column in rows.description]
            found.append([dict(zip(names, row, strict=True)) for row in rows.fetchall()])
    events, rejects, traits = found
    assert (staged.n_events, staged.n_rejects) == (len(events), len(rejects))
    return events, rejects, traits
