"""Ends the supervisor's children when it is gone, where the kernel does not (macOS): a small process of its own.

Reads lines "+pid" and "-pid" from a pipe that only the supervisor holds; at its end, all noted groups are ended.
Run by path with the standard library alone: `python -I watcher.py`.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_PATIENCE_S = 10


class Watcher:
    """The supervisor's side of the pipe; does nothing where the kernel ends children by itself."""

    def __init__(self, *, is_needed: bool = sys.platform != "linux") -> None:
        self.process: subprocess.Popen | None = None
        if is_needed:
            command = [sys.executable, "-I", str(Path(__file__).resolve())]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)

    def _tell(self, line: str) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.write(line.encode())
            self.process.stdin.flush()

    def note(self, pid: int) -> None:
        """Have a process group ended when the supervisor is gone."""
        self._tell(f"+{pid}\n")

    def forget(self, pid: int) -> None:
        """Forget a process group that ended."""
        self._tell(f"-{pid}\n")

    def close(self) -> None:
        """End the watcher itself, after everything that it watched."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait()


def _signal_all(groups: set[int], sign: int) -> None:
    for group in sorted(groups):
        try:
            os.killpg(group, sign)
        except (ProcessLookupError, PermissionError):
            groups.discard(group)


def main() -> None:
    """Watch until the pipe ends, then end what is left."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        pid = int(line[1:])
        if line[0] == "+":
            groups.add(pid)
        else:
            groups.discard(pid)
    _signal_all(groups, signal.SIGINT)
    until = time.monotonic() + _PATIENCE_S
    while groups and time.monotonic() < until:
        time.sleep(0.1)
        _signal_all(groups, 0)
    _signal_all(groups, signal.SIGKILL)


if __name__ == "__main__":
    main()
