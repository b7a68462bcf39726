"""The embedded engine: locked-down DuckDB connections, one set a process, with limits.

DuckDB is imported inside functions: it costs 0.2 s, and a process that forks after using it would hang.
"""

import ctypes
import logging
import os
import re
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from portal.shell.public import PortalError, Unavailable

if TYPE_CHECKING:
    import duckdb

log = logging.getLogger(__name__)

MAX_QUESTIONS_AT_ONCE = 2
QUESTION_WAIT_S = 20.0
_INTERNAL = ("INTERNAL", "database has been invalidated", "FATAL")


class TooSlow(PortalError):
    """A question that ran into its time limit."""

    code = "too_slow"
    status = 503
    message = "This took longer than the time limit. Ask about a shorter time or fewer events."


def store_dir() -> Path:
    """Return the folder of the store, made when it is first needed."""
    folder = Path(settings.EVENT_STORE_DIR)
    if not folder.is_dir():  # a person's events are not for other users of the machine
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "tmp").mkdir(exist_ok=True)
    return folder


def connect(*folders: Path, memory_mb: int | None = None, threads: int | None = None) -> "duckdb.DuckDBPyConnection":
    """Open a connection that reads and writes below the store and the named folders alone; its settings are locked."""
    import duckdb

    root = store_dir()
    spill = root / "tmp" / f"spill-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory_mb or settings.EVENT_STORE_MEMORY_MB}MB",
            "threads": threads or settings.EVENT_STORE_THREADS,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
        }
    )
    allowed = [f"{Path(folder).resolve()}/" for folder in (root, *folders)]
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in allowed)
    connection.execute(f"SET allowed_directories = [{quoted}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def working_connection(*folders: Path, memory_mb: int | None = None) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Give a connection of its own to one piece of work, closed at the end."""
    connection = connect(*folders, memory_mb=memory_mb)
    try:
        yield connection
    finally:
        connection.close()


def quoted(path: Path | str) -> str:
    """Return a file name as a SQL literal, for COPY … TO, which takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"


def bound(sql: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return those parameters that the statement names: DuckDB refuses surplus ones."""
    names = set(re.findall(r"\$([A-Za-z_]\w*)", sql))
    return {name: value for name, value in params.items() if name in names}


class _Process:
    """The connection and the queue of questions of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.queue = threading.BoundedSemaphore(MAX_QUESTIONS_AT_ONCE)
        self.connection: Any = None

    def cursor(self, fresh_from: Any = None) -> tuple[Any, Any]:
        """Return (connection, a cursor on it); a connection that failed is replaced by a fresh one."""
        with self.lock:
            if self.connection is None or self.connection is fresh_from:
                self.connection = connect()
            return self.connection, self.connection.cursor()


_process = _Process()


def _forget_after_fork() -> None:
    """Start anew in a forked child; the parent's connection must never be closed there, which would end the child."""
    global _process
    if _process.connection is not None:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(_process.connection))
    _process = _Process()


os.register_at_fork(after_in_child=_forget_after_fork)


@contextmanager
def question_slot(wait_s: float = QUESTION_WAIT_S) -> Iterator[None]:
    """Wait for one of the process's places for questions."""
    queue = _process.queue
    if not queue.acquire(timeout=wait_s):
        raise Unavailable("Too many questions are being answered just now. Try again in a moment.")
    try:
        yield
    finally:
        queue.release()


def is_internal_error(fault: Exception) -> bool:
    """Say whether an error is the engine's own, after which its connection is of no more use."""
    return type(fault).__name__ in {"InternalException", "FatalException"} or any(
        word in str(fault)[:200] for word in _INTERNAL
    )


def run(sql: str, params: Mapping[str, Any], *, limit_s: float, fetch: Any) -> Any:
    """Run one statement on the process's connection within a time limit; once more if the engine itself fails."""
    import duckdb

    connection = None
    for attempt in (1, 2):
        connection, cursor = _process.cursor(fresh_from=connection)
        timer = threading.Timer(limit_s, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            return fetch(cursor.execute(sql, bound(sql, params)))
        except duckdb.InterruptException as fault:
            raise TooSlow() from fault
        except duckdb.OutOfMemoryException as fault:
            raise TooSlow("This needs more memory than a question may use. Ask about a shorter time.") from fault
        except duckdb.Error as fault:
            if attempt == 2 or not is_internal_error(fault):
                raise
            log.warning("the engine failed, asking once more on a fresh connection: %s", str(fault)[:300])
        finally:
            timer.cancel()
            cursor.close()
    raise AssertionError("unreachable")


def files_of(folder: Path, stem: str) -> list[str]:
    """Return the staged files of one kind, in order of name."""
    return sorted(str(path) for path in folder.glob(f"{stem}-*.parquet"))


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_file(path: Path) -> None:
    """Make a file's content durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def as_list(paths: Iterable[Path | str]) -> list[str]:
    """Return paths as text, to bind as a parameter."""
    return [str(path) for path in paths]


def first(rows: Sequence[Sequence[Any]]) -> Any:
    """Return the first value of the first row."""
    return rows[0][0]
