"""What an earlier server left in its data folder: itself still going down, a zombie, or a stale pid file."""

import os
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


def end_left_over(pid_file: Path, program: str, signals: tuple[int, ...], timeout_s: float = 20) -> None:
    """End a server that still runs over this folder and remove a pid file that belongs to nobody.

    The caller holds the lock of the whole `var` folder, so whatever runs here is nobody's.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return

    def is_there() -> bool:
        state, name = _describe(pid)
        return state not in {"", "Z"} and name.startswith(program)

    for sign in signals:
        if not is_there():
            break
        os.kill(pid, sign)
        until = time.monotonic() + timeout_s
        while is_there() and time.monotonic() < until:
            time.sleep(0.05)
    if not is_there():  # gone, a zombie that its parent does not reap, or a stranger with the same number
        pid_file.unlink(missing_ok=True)
