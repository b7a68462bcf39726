"""The archive of a backup: a folder with a dump, files and a manifest that says what must be there.

manifest.json          what, when, of which code; counts of rows; size and SHA-256 of every file
manifest.json.sha256   of the manifest itself
database.dump          pg_dump's custom format
files/<name>/…         files that belong to rows, such as event parts
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from portal.shell.errors import PortalError

FORMAT = "product-ops-portal backup"
VERSION = 1
DUMP = "database.dump"


class BadArchive(PortalError):
    """An archive that is not whole, not ours, or not for this code; nothing was touched."""

    code = "bad_archive"


@dataclass
class ArchivedFile:
    """One file of an archive: its path below the archive, its bytes and its SHA-256."""

    path: str
    n_bytes: int
    sha256: str


@dataclass
class ArchiveManifest:
    """What an archive holds."""

    created_at: str
    postgres_major: int
    migrations: list[str]
    row_counts: dict[str, int]
    folders: list[str]
    files: list[ArchivedFile] = field(default_factory=list)
    format: str = FORMAT
    version: int = VERSION


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def add_file(archive: Path, source: Path, path: str, *, may_link: bool) -> None:
    """Put a file into the archive: as a link where it never changes and lies on the same disk, else as a copy."""
    target = archive / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if may_link:
        try:
            os.link(source, target)
            return
        except FileNotFoundError:
            raise
        except OSError:  # another disk, or one without links
            pass
    shutil.copyfile(source, target)


def describe_file(archive: Path, path: str) -> ArchivedFile:
    """Return a file's entry for the manifest."""
    target = archive / path
    return ArchivedFile(path, target.stat().st_size, sha256_of(target))


def write_manifest(archive: Path, manifest: ArchiveManifest) -> None:
    """Write the manifest and its own checksum, last."""
    path = archive / "manifest.json"
    path.write_text(json.dumps(asdict(manifest), indent=1))
    path.with_name("manifest.json.sha256").write_text(sha256_of(path) + "\n")
    for name in (path, path.with_name("manifest.json.sha256"), archive / DUMP):
        with name.open("rb") as file:
            os.fsync(file.fileno())


def read_archive(archive: Path) -> ArchiveManifest:
    """Read an archive's manifest and check every byte of the archive against it."""
    path = archive / "manifest.json"
    try:
        said = path.with_name("manifest.json.sha256").read_text().strip()
        actual = sha256_of(path)
        value = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise BadArchive(f"{archive} is not a backup of the portal, or it is not whole: {error}.") from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise BadArchive(f"{archive} is not a backup of the portal.")
    if value.get("version") != VERSION:
        raise BadArchive(f"{archive} has format version {value.get('version')}; this portal reads version {VERSION}.")
    if said != actual:
        raise BadArchive(f"{path} was changed after the backup.")
    manifest = ArchiveManifest(**{**value, "files": [ArchivedFile(**file) for file in value["files"]]})
    for file in manifest.files:
        _check_file(archive, file)
    if DUMP not in {file.path for file in manifest.files}:
        raise BadArchive(f"{archive} holds no database.")
    return manifest


def _check_file(archive: Path, file: ArchivedFile) -> None:
    parts = PurePosixPath(file.path)
    if parts.is_absolute() or ".." in parts.parts:
        raise BadArchive(f"{archive} names {file.path}, which lies outside of it.")
    target = archive / file.path
    if target.is_symlink() or not target.is_file():
        raise BadArchive(f"{archive} is not whole: {file.path} is missing.")
    if target.stat().st_size != file.n_bytes:
        raise BadArchive(f"{file.path} is cut off or was changed: {target.stat().st_size} bytes, not {file.n_bytes}.")
    if sha256_of(target) != file.sha256:
        raise BadArchive(f"{file.path} was changed after the backup.")
