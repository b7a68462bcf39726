"""The three programs of the portal as child processes: web, worker and beat."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.operations.installation import ROOT
from portal.operations.services.children import child_setup, stop_process

_MAX_LOG_BYTES = 20_000_000


def web_command(*options: str) -> list[str]:
    """Return the command of the web server; its address and size come from the environment."""
    return [sys.executable, "-m", "gunicorn", "-c", "portal/operations/gunicorn_conf.py", *options, "portal.wsgi"]


def worker_command() -> list[str]:
    """Return the command of the worker; its size comes from WORKER_PROCESSES."""
    return [sys.executable, "-m", "celery", "-A", "portal", "worker", "--without-gossip", "--without-mingle"]


def beat_command() -> list[str]:
    """Return the command of the clock that sends scheduled tasks."""
    return [sys.executable, "-m", "celery", "-A", "portal", "beat", "--pidfile="]


def keep_log_small(path: Path) -> None:
    """Set a large log aside at a start; one older log is kept."""
    if path.exists() and path.stat().st_size > _MAX_LOG_BYTES:
        path.replace(path.with_name(path.name + ".1"))


@dataclass
class Program:
    """One program: its command and environment, and the process while it runs."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    stop_steps: tuple[tuple[int, float], ...]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the process in a group of its own, writing to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        keep_log_small(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=self.pass_fds,
                preexec_fn=child_setup(parent_death=signal.SIGKILL),
            )

    def poll(self) -> int | None:
        """Return how the process ended, or None while it runs."""
        return self.process.poll() if self.process else -1

    def ask_to_end(self) -> None:
        """Send the first signal without waiting, so that several end side by side."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_steps[0][0])

    def stop(self) -> None:
        """End the process and all that it started."""
        stop_process(self.process, *self.stop_steps)


def build_programs(environment: Mapping[str, str], logs: Path, web_socket: int) -> list[Program]:
    """Return web, worker and beat; web answers on a socket that the supervisor holds, so none is refused meanwhile."""
    term, quit_ = signal.SIGTERM, signal.SIGQUIT
    return [
        Program(
            "web",
            web_command("--bind", f"fd://{web_socket}"),
            environment,
            logs / "web.log",
            ((term, 8), (quit_, 2)),
            pass_fds=(web_socket,),
        ),
        # A running task is given a moment to end; one that is cut off is done again.
        Program("worker", worker_command(), environment, logs / "worker.log", ((term, 5), (quit_, 3))),
        Program("beat", beat_command(), environment, logs / "beat.log", ((term, 3),)),
    ]
