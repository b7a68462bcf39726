"""What an earlier PostgreSQL left in a data folder: a server still going down, a zombie, or a stale lock file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def _describe(pid: int) -> tuple[str, str]:
    # State letter and command name of a process; empty strings when there is none.
    if sys.platform == "linux":
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return "", ""
        name, _, rest = text.partition("(")[2].rpartition(")")
        return rest.split()[0], name
    asked = subprocess.run(["ps", "-o", "state=,comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, name = asked.stdout.strip().partition(" ")
    return state[:1], Path(name.strip()).name


def _is_server(pid: int) -> bool:
    state, name = _describe(pid)
    return state not in {"", "Z"} and name.startswith("postgres")


def end_left_over(data_dir: Path, timeout_s: float = 20) -> None:
    """End a server that still runs over this folder and remove a lock file that belongs to nobody.

    The caller holds the lock of the whole `var` folder, so whatever runs here is nobody's.
    """
    lock = data_dir / "postmaster.pid"
    try:
        pid = int(lock.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    started = time.monotonic()
    for sign, until_s in ((signal.SIGINT, timeout_s), (signal.SIGQUIT, timeout_s + 5)):
        if not _is_server(pid):
            break
        os.kill(pid, sign)
        while _is_server(pid) and time.monotonic() < started + until_s:
            time.sleep(0.05)
    if not _is_server(pid):  # gone, a zombie that its parent does not reap, or a stranger with the same number
        lock.unlink(missing_ok=True)
