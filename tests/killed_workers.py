"""Workers in processes of their own, killed before a step of their work."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def start_worker(script: Path, pk: int, *more: str) -> subprocess.Popen:
    """Start a script that does the work of one row, on the tests' servers."""
    to = connection.settings_dict
    address = f"postgresql://{quote(to['USER'])}:{quote(to['PASSWORD'])}@{to['HOST']}:{to['PORT']}/{to['NAME']}"
    environment = {**os.environ, "DATABASE_URL": address, "EVENT_STORE_DIR": str(settings.EVENT_STORE_DIR)}
    environment |= {"UPLOAD_DIR": str(settings.MEDIA_ROOT), "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR"}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, str(script), str(pk), *more]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def kill_at(script: Path, pk: int, n_steps: int) -> list[str]:
    """Do the work of a row in a process and kill it before its step of that number; return what it said.

    The script says each step, then waits for a line.
    """
    said: list[str] = []
    with start_worker(script, pk) as worker:
        for _ in range(n_steps):
            said.append(worker.stdout.readline().strip())
            if said[-1] == "over":
                break
            if len(said) < n_steps:
                worker.stdin.write("\n")
                worker.stdin.flush()
        worker.kill()
    return said
