"""A DuckDB connection for one load: its own memory limit, and no files but the load's own folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def open_engine(
    folder: Path, *readable: Path, memory_mb: int = 900, threads: int = 2
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Open a locked-down engine that may read and write below `folder` and read the given files."""
    import duckdb

    config = {
        "threads": threads,
        "memory_limit": f"{memory_mb}MB",
        "temp_directory": str(folder / "spill"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(config=config)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET allowed_directories = [$folder]", {"folder": f"{folder}/"})
        connection.execute("SET allowed_paths = $paths", {"paths": [str(path) for path in readable]})
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def first(connection: "duckdb.DuckDBPyConnection", sql: str, params: dict | None = None):
    """Return the first value of a statement's first row."""
    return connection.execute(sql, params or {}).fetchone()[0]
