"""Files on disk: written in a stream under random names, with caps; found again only by what the database says."""

import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from insights.sources.contracts import FileFault
from insights.sources.readers.limits import Limits, limits_from, size_words
from portal.shell.public import BadInput, TooMuch


@dataclass(frozen=True)
class StoredFile:
    """A file of ours: its path below the folder of uploads, bytes and SHA-256."""

    path: str
    n_bytes: int
    checksum: str


def load_limits() -> Limits:
    """Return the caps of this installation."""
    return limits_from(settings)


def uploads_dir(part: str = "") -> Path:
    """Return the folder of uploads, or another room's part of it; private to the portal's user."""
    folder = Path(settings.MEDIA_ROOT, part)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def path_of(name: str, part: str = "") -> Path:
    """Return the place of a stored file; a name that leads out of the folder is refused."""
    folder = uploads_dir(part).resolve()
    path = (folder / name).resolve()
    if path.parent != folder:
        raise BadInput("This file lies outside the folder of uploads.")
    return path


def kept_file(name: str) -> Path:
    """Return the place of a stored file that is still there, or say that it is not kept any more."""
    path = path_of(name)
    if not path.is_file():
        raise FileFault(
            f"The file is not here any more: files are kept for {settings.UPLOAD_KEEP_DAYS} days after their load. "
            "Upload it again."
        )
    return path


def store_stream(chunks: Iterable[bytes], *, part: str = "", cap: int = 0) -> StoredFile:
    """Write a stream under a random name; more than `cap` bytes (0: a source's limit) removes what was written."""
    cap, n_bytes, digest = cap or load_limits().file_bytes, 0, hashlib.sha256()
    name = uuid.uuid4().hex
    target = uploads_dir(part) / name
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for chunk in chunks:
                n_bytes += len(chunk)
                if n_bytes > cap:
                    raise TooMuch(f"The file has more than {size_words(cap)}, which is the limit. Split it.")
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return StoredFile(name, n_bytes, digest.hexdigest())


def chunks_of(path: Path, size: int = 1 << 20) -> Iterator[bytes]:
    """Yield a file's bytes; a symbolic link is refused by the system call itself."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        while chunk := file.read(size):
            yield chunk


@contextmanager
def working_folder() -> Iterator[Path]:
    """Yield an empty folder that is gone afterwards, beside the store, so that staging never fills /tmp."""
    root = Path(settings.VAR_DIR) / "staging"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="load-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
