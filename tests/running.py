"""A whole portal, started by `make run`'s supervisor over a folder of its own, for tests that stop it in every way."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from portal.operations.services.children import free_port

ROOT = Path(__file__).resolve().parents[1]
_KEEP = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PORTAL_PG_BIN", "PORTAL_VALKEY_BIN", "PYTHONDONTWRITEBYTECODE")


def wait_until(condition, timeout_s: float = 30, what: str = "this"):
    """Return the condition's first true value, or fail."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true within {timeout_s} s")


def processes_of(folder: Path) -> dict[int, str]:
    """Return the live processes that belong to a folder: by environment, command line or working directory."""
    found = {}
    needle = str(folder).encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            is_ours = needle in command or b"PORTAL_VAR_DIR=" + needle in (entry / "environ").read_bytes()
            is_ours = is_ours or str((entry / "cwd").readlink()).startswith(str(folder))
            if is_ours and state != "Z":
                found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace").strip()
    return found


@dataclass
class RunningPortal:
    """One supervisor with all its children."""

    var_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    def start(self, timeout_s: float = 240) -> "RunningPortal":
        """Start and wait until the page answers."""
        self.var_dir.mkdir(parents=True, exist_ok=True)
        environment = {name: os.environ[name] for name in _KEEP if name in os.environ}
        environment |= {"PORTAL_VAR_DIR": str(self.var_dir), "PORT": str(free_port()), "PORTAL_DEMO": "0"}
        environment |= {"WEB_WORKERS": "1", "WORKER_PROCESSES": "1", **self.settings}
        with self.output_file.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.operations.supervisor"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: self.is_ready or self.process.poll() is not None, timeout_s, "the start")
        assert self.is_ready, self.output
        return self

    @property
    def output_file(self) -> Path:
        """Return where the supervisor's lines go."""
        return self.var_dir.with_name(self.var_dir.name + ".output")

    @property
    def output(self) -> str:
        """Return what the supervisor said so far."""
        return self.output_file.read_text()

    @property
    def is_ready(self) -> bool:
        """Say whether the supervisor told its address."""
        return "is ready" in self.output

    @property
    def url(self) -> str:
        """Return the portal's address, with a slash at the end."""
        return self.output.partition("is ready after")[2].split(": ", 1)[1].split()[0]

    @property
    def services(self) -> dict[str, str]:
        """Return the addresses of the embedded servers."""
        return json.loads((self.var_dir / "services.json").read_text())

    def status_of(self, path: str) -> int:
        """Return the status of a page, 0 when nothing answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def is_running(self, part: str) -> bool:
        """Say whether a part has a main process."""
        return self._find(part) is not None

    def is_running_again(self, part: str, killed: int) -> bool:
        """Say whether a part has a main process other than the one that was killed."""
        return self._find(part) not in (None, killed)

    def pid_of(self, part: str) -> int:
        """Return the main process of web, worker, beat, postgres or valkey."""
        pid = self._find(part)
        assert pid is not None, f"{part} does not run"
        return pid

    def _find(self, part: str) -> int | None:
        signs = {"web": "gunicorn", "postgres": " -D ", "valkey": "valkey-server"}
        sign = signs.get(part, f" {part} ")
        for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended just now
                command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode() + " "
                if sign in command:
                    return int(child)
        return None

    def kill(self, part: str, sign: int = signal.SIGKILL) -> int:
        """Send a signal to a part; return the process that it went to.

        Waits while the part is down: beat, for one, ends by itself when its broker goes, and is started again.
        """
        return wait_until(lambda: self._send(part, sign), 60, f"a running {part}")

    def _send(self, part: str, sign: int) -> int | None:
        pid = self._find(part)
        with contextlib.suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, sign)
                return pid
        return None

    def stop(self, sign: int = signal.SIGTERM, timeout_s: float = 60) -> int:
        """Send the supervisor a signal and wait for its end; return its code."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.process.wait(timeout_s)

    def wait_until_gone(self, timeout_s: float = 20) -> None:
        """Wait until no process of this portal is left."""
        until = time.monotonic() + timeout_s
        while (left := processes_of(self.var_dir)) and time.monotonic() < until:
            time.sleep(0.1)
        assert not left, left

    def __enter__(self) -> "RunningPortal":
        return self.start()

    def __exit__(self, *failure) -> None:
        self.stop()
        self.wait_until_gone()
