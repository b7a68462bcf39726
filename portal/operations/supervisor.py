"""`make run`: starts databases, web, worker and beat as children, keeps them up, and ends them all, however it ends."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from portal import environment
from portal.operations.installation import ROOT, AlreadyRunning, Installation
from portal.operations.programs import Program, build_programs, keep_log_small
from portal.operations.services.children import StartError, clean_environment, die_with_parent
from portal.operations.services.postgres import Postgres
from portal.operations.services.valkey import Valkey
from portal.operations.services.watcher import Watcher
from portal.operations.start_page import describe_start

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_LONGEST_WAIT_S = 30
_STEADY_AFTER_S = 60


class StopRequested(BaseException):
    """A signal asked the supervisor to stop."""


class Child(Protocol):
    """What the supervisor needs of a server or program."""

    name: str
    process: subprocess.Popen | None

    def start(self) -> None: ...
    def poll(self) -> int | None: ...
    def stop(self) -> None: ...


@dataclass
class Restarts:
    """When a child that ended is started again: at once, then after ever longer waits."""

    n_in_a_row: int = 0
    started_at: float = field(default_factory=time.monotonic)
    due_at: float | None = None

    def plan(self, now: float) -> float:
        """Note an end; return the seconds until the next start."""
        self.n_in_a_row = 1 if now - self.started_at > _STEADY_AFTER_S else self.n_in_a_row + 1
        wait_s = min(_LONGEST_WAIT_S, 0.5 * 2 ** (self.n_in_a_row - 1))
        self.due_at = now + wait_s
        return wait_s


def say(text: str) -> None:
    """Print for the person at the terminal, which may be closed already."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = io.StringIO()


def open_web_socket(address: str, port: int) -> socket.socket:
    """Listen on the first free port from the wanted one on."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for candidate in range(port, min(port + 100, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, candidate))
            listener.listen(512)
        except OSError as error:
            listener.close()
            if isinstance(error, PermissionError):
                raise StartError(f"Port {candidate} needs more rights. Set PORT to 1024 or more.") from None
            if isinstance(error, socket.gaierror):
                raise StartError(f"BIND_ADDRESS is {address!r}. Use an address of this machine.") from None
            continue
        if candidate != port:
            say(f"Port {port} is taken; using {candidate}")
        return listener
    raise StartError(f"The ports from {port} on are all taken. Set PORT to a free one.")


class Supervisor:
    """One run of the portal."""

    def __init__(self, *, servers_only: bool = False) -> None:
        self.servers_only = servers_only
        self.address = environment.text("BIND_ADDRESS", "127.0.0.1").strip("[]")
        self.wanted_port = environment.number("PORT", 8000, least=1)
        self.is_demo = environment.flag("PORTAL_DEMO", environment.mode() != "production")
        self.installation = Installation(environment.var_dir())
        self.children: list[Child] = []
        self.restarts: dict[str, Restarts] = {}
        self.watcher: Watcher | None = None
        self.is_stopping = False
        self.started_at = time.monotonic()

    def run(self) -> None:
        """Start everything, then watch over it until a signal comes."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._on_signal)
        try:
            self.installation.hold()
            self.watcher = Watcher()
            services = self._start_servers()
            if self.servers_only:
                self.installation.publish(services)
                say("PostgreSQL and Valkey run. Stop them with Ctrl-C.")
                self._watch()
            child_environment = {**clean_environment(), **services, "PYTHONUNBUFFERED": "1"}
            child_environment["PORTAL_VAR_DIR"] = str(self.installation.var_dir)
            self._prepare(child_environment)
            with open_web_socket(self.address, self.wanted_port) as web_socket:
                logs = self.installation.var_dir / "log"
                # A taken port gives the next free one, and links in mails must lead to where web answers.
                services["PUBLIC_URL"] = f"http://localhost:{web_socket.getsockname()[1]}"
                self.installation.publish(services)
                web, *others = build_programs(child_environment, logs, web_socket.fileno())
                self._start(web)  # alone first: on a small machine the first page comes sooner
                url = self._wait_for_page(web_socket.getsockname()[1])
                for program in others:
                    self._start(program)
                self._tell_start(url)
                self._watch()
        finally:
            self.is_stopping = True
            self._stop()

    def _on_signal(self, sign: int, frame: object) -> None:
        if not self.is_stopping:
            self.is_stopping = True
            raise StopRequested(signal.Signals(sign).name)
        if sign == signal.SIGINT:  # pressed again: no more waiting
            for child in self.children:
                if child.process is not None and child.poll() is None:
                    os.killpg(child.process.pid, signal.SIGKILL)

    def _start(self, child: Child) -> None:
        if child not in self.children:
            self.children.append(child)
        child.start()
        self.restarts[child.name] = Restarts(self.restarts.get(child.name, Restarts()).n_in_a_row)
        if self.watcher is not None and child.process is not None:
            self.watcher.note(child.process.pid)

    def _start_servers(self) -> dict[str, str]:
        var_dir, secrets = self.installation.var_dir, self.installation.secrets()
        services = {"SECRET_KEY": environment.text("SECRET_KEY", secrets["SECRET_KEY"])}
        database_url = environment.optional("DATABASE_URL")
        if database_url:
            services["DATABASE_URL"] = database_url
            services["DATABASE_OWNER_URL"] = environment.text("DATABASE_OWNER_URL", database_url)
        else:
            postgres = Postgres(var_dir / "postgres")
            keep_log_small(postgres.log)
            self._start(postgres)
            services |= {"DATABASE_URL": postgres.app_url, "DATABASE_OWNER_URL": postgres.url}
        redis_url = environment.optional("REDIS_URL")
        if not redis_url:
            valkey = Valkey(var_dir / "valkey", password=secrets["VALKEY_PASSWORD"])
            keep_log_small(valkey.log)
            self._start(valkey)
            redis_url = valkey.url
        return {**services, "REDIS_URL": redis_url}

    def _prepare(self, child_environment: dict[str, str]) -> None:
        command = [sys.executable, "manage.py", "prepare"]
        command += ["--demo"] if self.is_demo else []
        command += [] if self.address in _LOOPBACK else ["--public"]
        log = self.installation.var_dir / "log" / "prepare.log"
        prepare = Program("prepare", command, child_environment, log, ((signal.SIGTERM, 10),))
        self.children.append(prepare)
        log.unlink(missing_ok=True)
        prepare.start()
        told = 0
        while True:
            code = prepare.process.poll()
            lines = log.read_text(errors="replace").splitlines()
            if code == 0 or code is None:
                for line in lines[told:]:
                    say(line)
                told = len(lines)
            if code is not None:
                break
            time.sleep(0.05)
        self.children.remove(prepare)
        if code != 0:
            raise StartError("\n".join(lines[told:]) or f"The database could not be prepared; see {log}")

    def _wait_for_page(self, port: int) -> str:
        host = "127.0.0.1" if self.address in {"0.0.0.0", "::", "localhost"} else self.address
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        while not _answers(url):
            self._look_after()
            time.sleep(0.1)
        return url

    def _tell_start(self, url: str) -> None:
        self.installation.note(url)
        for line in describe_start(self.installation.var_dir, url, time.monotonic() - self.started_at):
            say(line)

    def _watch(self) -> None:
        while True:
            self._look_after()
            time.sleep(0.2)

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            restarts = self.restarts[child.name]
            if restarts.due_at is None and child.poll() is not None:
                self._say_ended(child, restarts.plan(now))
                child.stop()  # whatever its group left behind
            elif restarts.due_at is not None and now >= restarts.due_at:
                try:
                    self._start(child)
                except StartError as error:
                    say(f"{child.name} could not be started again: {error}")
                    restarts.plan(now)

    def _say_ended(self, child: Child, wait_s: float) -> None:
        code = child.poll()
        how = f"ended by {signal.Signals(-code).name}" if code and code < 0 else f"ended with code {code}"
        if self.watcher is not None and child.process is not None:
            self.watcher.forget(child.process.pid)
        say(f"{child.name} {how}; starting it again in {wait_s:g} s. Its log: {child.log}")

    def _stop(self) -> None:
        self.installation.withdraw()
        for child in self.children:
            if isinstance(child, Program):
                child.ask_to_end()
        for child in reversed(self.children):
            child.stop()
        if self.watcher is not None:
            self.watcher.close()


def _answers(url: str) -> bool:
    # The login page, as a browser gets it: database, templates and static files have to be there for it.
    hosts = environment.words("ALLOWED_HOSTS", ["localhost"])
    headers = {"Host": hosts[0], "X-Forwarded-Proto": "https"}
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a company's proxy
        with opener.open(urllib.request.Request(f"{url}accounts/login/", headers=headers), timeout=5) as page:
            return page.status == 200
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    """Run until stopped; end with 0 after a wanted stop."""
    os.chdir(ROOT)
    if "--stop-with-parent" in sys.argv[1:]:
        die_with_parent(signal.SIGTERM)
    try:
        Supervisor(servers_only="--servers-only" in sys.argv[1:]).run()
    except StopRequested:
        say("Stopped")
    except AlreadyRunning as other:
        sys.exit(f"The portal already runs here ({other}). Stop it first, or set PORTAL_VAR_DIR to another folder.")
    except (StartError, ImproperlyConfigured) as error:
        sys.exit(f"\n{error}\n")


if __name__ == "__main__":
    main()
