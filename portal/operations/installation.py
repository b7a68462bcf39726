"""The folder of one install: its lock, its secrets, and the note that tells commands where the servers are."""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]


class AlreadyRunning(Exception):
    """Another supervisor holds this folder."""


def write_private(path: Path, value: object) -> None:
    """Write JSON that only this user may read; never a half file, never a wider permission in between."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(value, file, indent=1)
    partial.replace(path)


@dataclass
class Installation:
    """One `var` folder."""

    var_dir: Path
    _lock: IO[str] | None = None

    def hold(self) -> None:
        """Take the folder for this process; refuse when another supervisor has it."""
        self.var_dir.mkdir(parents=True, exist_ok=True)
        self._close_folders()
        lock = (self.var_dir / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            with lock:
                lock.seek(0)
                raise AlreadyRunning(lock.read().strip()) from None
        self._lock = lock
        self.note("")

    def _close_folders(self) -> None:
        """Keep other users of the machine out of events, uploads, backups and mails, which hold links for passwords."""
        for name in ("backups", "events", "mail", "staging", "uploads"):
            folder = self.var_dir / name
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_uid == os.geteuid():
                folder.chmod(0o700)

    def note(self, address: str) -> None:
        """Write down who holds the folder and where it answers."""
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(f"process {os.getpid()}{f', {address}' if address else ''}\n")
        self._lock.flush()

    def secrets(self) -> dict[str, str]:
        """Return this install's own random secrets, made at the first start."""
        path = self.var_dir / "secrets.json"
        if not path.exists():
            write_private(path, {"SECRET_KEY": secrets.token_urlsafe(64), "VALKEY_PASSWORD": secrets.token_urlsafe(24)})
        return json.loads(path.read_text())

    def publish(self, services: dict[str, str]) -> None:
        """Tell `manage.py` commands run beside the portal where its servers are."""
        write_private(self.var_dir / "services.json", services)

    def withdraw(self) -> None:
        """Take the note away when the servers stop; one who was refused the folder leaves it to its holder."""
        if self._lock is None:
            return
        (self.var_dir / "services.json").unlink(missing_ok=True)
