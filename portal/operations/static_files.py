"""Collecting static files only when one of them changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def _fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = (storage.path(name), *_size_and_time(storage.path(name)))
            found.update(repr(status).encode())
    return found.hexdigest()


def _size_and_time(path: str) -> tuple[int, int]:
    status = Path(path).stat()
    return status.st_size, status.st_mtime_ns


def collect_static() -> bool:
    """Collect unless the last collection was of the same files; say whether it was needed."""
    stamp = settings.STATIC_ROOT / ".collected"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, clear=settings.STATIC_ROOT.exists(), verbosity=0)
    stamp.write_text(wanted)
    return True
