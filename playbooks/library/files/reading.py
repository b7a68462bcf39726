"""Markdown files out of a folder or an archive: named inside of it, small enough, and nothing else."""

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from portal.shell.public import BadInput, TooMuch, is_storable

MOST_BYTES = 3_000_000  # what every form of the portal takes
MOST_BYTES_OF_A_FILE = 500_000
MOST_UNPACKED_BYTES = 30_000_000
MOST_FILES = 500
_KINDS = (".md", ".markdown")
_WAYS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others unpack without a limit
_BROKEN = "This archive cannot be read. Pack the folder again as a plain ZIP file."
_TOO_LARGE = f"Unpacked, this is larger than {MOST_UNPACKED_BYTES // 1_000_000} MB. Import it in smaller pieces."


@dataclass(frozen=True)
class SourceFile:
    """A file by its path in the folder; `fault` says why it cannot be taken, its text is "" then."""

    path: str
    text: str = ""
    fault: str = ""


def read_folder(folder: Path) -> list[SourceFile]:
    """Return the Markdown files of a folder and those below it."""
    root = folder.resolve()
    paths = sorted(path for path in root.rglob("*") if path.suffix.lower() in _KINDS and _is_wanted(path, root))
    _refuse_many(len(paths))
    return [_read_path(path, root) for path in paths]


def _is_wanted(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return not any(part.startswith(".") for part in parts) and (path.is_file() or path.is_symlink())


def _read_path(path: Path, root: Path) -> SourceFile:
    name = path.relative_to(root).as_posix()
    if not path.resolve().is_relative_to(root) or not path.is_file():
        return SourceFile(name, fault="It is a link that leads out of the folder.")
    if path.stat().st_size > MOST_BYTES_OF_A_FILE:
        return SourceFile(name, fault=f"It is larger than {MOST_BYTES_OF_A_FILE // 1_000} kB.")
    return _decoded(name, path.read_bytes())


def read_upload(name: str, data: bytes) -> list[SourceFile]:
    """Return the Markdown files of an upload: one of them, or a ZIP archive with a folder of them."""
    if len(data) > MOST_BYTES:
        raise TooMuch(f"This is larger than {MOST_BYTES // 1_000_000} MB. Import it in smaller pieces.")
    if name.lower().endswith(_KINDS):
        return [_decoded(PurePosixPath(name.replace("\\", "/")).name, data)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_archive(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError) as fault:
        raise BadInput(fields={"file": [_BROKEN]}) from fault


def _read_archive(archive: zipfile.ZipFile) -> list[SourceFile]:
    entries = archive.infolist()
    for entry in entries:
        _refuse_escape(entry)
    wanted = [
        entry
        for entry in entries
        if entry.filename.lower().endswith(_KINDS)
        and not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(entry.filename).parts)
    ]
    _refuse_many(len(wanted))
    found, left = [], MOST_UNPACKED_BYTES
    for entry in sorted(wanted, key=lambda one: one.filename):
        if entry.compress_type not in _WAYS:
            raise BadInput(fields={"file": [_BROKEN]})
        # The size that the archive states is not believed: no more than the limit is ever unpacked.
        with archive.open(entry) as part:
            data = part.read(MOST_BYTES_OF_A_FILE + 1)
        left -= len(data)
        if left < 0:
            raise TooMuch(_TOO_LARGE)
        found.append(_decoded(entry.filename, data))
    return found


def _refuse_escape(entry: zipfile.ZipInfo) -> None:
    name, mode = entry.filename, entry.external_attr >> 16
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or stat.S_ISLNK(mode):
        raise BadInput(fields={"file": ["This archive holds paths that lead out of its folder. Nothing was taken."]})


def _refuse_many(n_files: int) -> None:
    if n_files > MOST_FILES:
        raise TooMuch(f"There are {n_files:,} Markdown files. Import at most {MOST_FILES} at once.")


def _decoded(name: str, data: bytes) -> SourceFile:
    if len(name) > 200 or not is_storable(name):
        return SourceFile(
            name[:200].encode("utf-8", "replace").decode().replace("\0", " "), fault="Its name is unusable."
        )
    if len(data) > MOST_BYTES_OF_A_FILE:
        return SourceFile(name, fault=f"It is larger than {MOST_BYTES_OF_A_FILE // 1_000} kB.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return SourceFile(name, fault="It is not in UTF-8. Save it as UTF-8 and try again.")
    if not is_storable(text):
        return SourceFile(name, fault="It holds a character that cannot be stored.")
    return SourceFile(name, text)
