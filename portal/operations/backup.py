"""Writing a backup: database, event parts of one version and uploads, all of one moment, while the portal runs."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from portal.operations import archive
from portal.operations.archive import ArchiveManifest
from portal.operations.postgres_tools import check_tools, run_tool, server_major
from portal.shell.errors import Conflict
from portal.shell.registry import BackupFiles, registry

_ATTEMPTS = 3


def uploads_folder() -> Path:
    """Return the folder of uploaded files."""
    return Path(settings.MEDIA_ROOT)


def list_uploads() -> Iterator[tuple[str, str]]:
    """Name every uploaded file."""
    return list_folder(uploads_folder())


def list_folder(folder: Path) -> Iterator[tuple[str, str]]:
    """Name every file of a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), ""


def count_rows() -> dict[str, int]:
    """Return the number of rows of every table."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


def write_backup(target: Path, say: Callable[[str], None] = lambda text: None) -> ArchiveManifest:
    """Write an archive to a folder that does not exist yet; it appears there only when it is whole."""
    if target.exists():
        raise Conflict(f"{target} exists already. Name a folder that does not.")
    check_tools("pg_dump")
    partial = target.with_name(f"{target.name}.partial")
    for attempt in range(1, _ATTEMPTS + 1):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True, mode=0o700)
        try:
            manifest = _write(partial, say)
            break
        except FileNotFoundError:  # a file of this moment was replaced and swept before it was taken
            if attempt == _ATTEMPTS:
                raise
    partial.rename(target)
    return manifest


def _write(partial: Path, say: Callable[[str], None]) -> ArchiveManifest:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        applied = MigrationRecorder(connection).applied_migrations()
        pieces = registry.all(BackupFiles)
        manifest = ArchiveManifest(
            created_at=timezone.now().isoformat(timespec="seconds"),
            postgres_major=server_major(),
            migrations=sorted(f"{app}.{name}" for app, name in applied),
            row_counts=count_rows(),
            folders=[piece.name for piece in pieces],
        )
        paths = [archive.DUMP]
        for piece in pieces:
            say(f"files: {piece.name}")
            paths += _take_files(partial, piece)
        say("database")
        dump = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        run_tool("pg_dump", [*dump, f"--file={partial / archive.DUMP}"])
    say("checksums")
    manifest.files = [archive.describe_file(partial, path) for path in paths]
    archive.write_manifest(partial, manifest)
    return manifest


def _take_files(partial: Path, piece: BackupFiles) -> list[str]:
    taken = []
    for name in _names_of(piece):
        path = f"files/{piece.name}/{name}"
        archive.add_file(partial, piece.folder() / name, path, may_link=piece.are_immutable)
        taken.append(path)
    return taken


def _names_of(piece: BackupFiles) -> list[str]:
    try:
        with transaction.atomic():
            return [name for name, _ in piece.list_files()]
    except ProgrammingError:  # before a migration the tables are not yet as the code knows them: take every file
        return [path for path, _ in list_folder(piece.folder())]
