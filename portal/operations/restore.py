"""Putting a backup back: everything is checked before anything is touched, and the database changes in one step."""

import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.operations import archive
from portal.operations.archive import ArchiveManifest, BadArchive
from portal.operations.database import as_owner, grant_to_app
from portal.operations.folder_swap import FolderSwap
from portal.operations.postgres_tools import check_tools, run_tool, server_major
from portal.shell.errors import Conflict
from portal.shell.registry import BackupFiles, registry

# Rows that a fresh install has by itself.
_NOT_DATA = ("django_migrations", "django_content_type", "django_celery_beat_", "portal_audit_", "django_session")


def check_archive(folder: Path) -> ArchiveManifest:
    """Refuse an archive that is not whole, not ours, or made by newer code or a newer server."""
    manifest = archive.read_archive(folder)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = sorted(set(manifest.migrations) - known)
    if newer:
        raise BadArchive(f"{folder} was made by a newer portal: it has the migration {newer[-1]}. Update first.")
    if manifest.postgres_major > server_major():
        raise BadArchive(
            f"{folder} was made by PostgreSQL {manifest.postgres_major}; this server is of version {server_major()}."
        )
    unknown = sorted(set(manifest.folders) - set(_pieces()))
    if unknown:
        raise BadArchive(f"{folder} holds files that this portal does not know: {', '.join(unknown)}.")
    check_tools("pg_restore", "psql")
    run_tool("pg_restore", ["--list", str(folder / archive.DUMP)], needs_database=False)
    return manifest


def check_target(*, may_replace: bool) -> None:
    """Refuse a database that others use, or that holds data unless it may be replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND usesysid IS NOT NULL"  # which is shown of every role's sessions, unlike their type
        )
        n_others = cursor.fetchone()[0]
        if n_others:
            raise Conflict(
                f"{n_others} other connections use the database. Stop web, worker and beat first; with the embedded "
                "servers, stop `make run` and start `make servers`."
            )
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith(_NOT_DATA) or may_replace:
                continue
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})")
            if cursor.fetchone()[0]:
                raise Conflict(f"The database is not empty: {table} has rows. Use --replace to give up what is there.")


def restore(folder: Path, *, may_replace: bool, say: Callable[[str], None] = lambda text: None) -> ArchiveManifest:
    """Replace database and files by an archive's; either all of it is there afterwards or all that was before."""
    say("checking the archive")
    manifest = check_archive(folder)
    check_target(may_replace=may_replace)
    finish_interrupted()
    pieces = {name: FolderSwap(piece.folder()) for name, piece in _pieces().items() if name in manifest.folders}
    restore_id = uuid.uuid4().hex
    try:
        for name, swap in pieces.items():
            say(f"files: {name}")
            _stage(folder, manifest, name, swap)
        _note_file().write_text(restore_id)
        for swap in pieces.values():
            swap.enter()
        say("database")
        _restore_database(folder, manifest, restore_id)
    finally:
        finish_interrupted()
    with as_owner():
        grant_to_app()
    cache.clear()  # answers are kept by data version, and versions of before may come again
    return manifest


def finish_interrupted() -> None:
    """Bring files in line with the database after a restore that ended at any line: it is the one that decides."""
    try:
        restore_id = _note_file().read_text()
    except FileNotFoundError:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        is_restored = cursor.fetchone()[0] == _comment(restore_id)
    for piece in _pieces().values():
        swap = FolderSwap(piece.folder())
        if is_restored:
            swap.keep()
        else:
            swap.undo()
    _note_file().unlink()


def _note_file() -> Path:
    return Path(settings.VAR_DIR) / "restore-under-way"


def _comment(restore_id: str) -> str:
    return f"restored {restore_id}"


def _pieces() -> dict[str, BackupFiles]:
    return {piece.name: piece for piece in registry.all(BackupFiles)}


def _restore_database(folder: Path, manifest: ArchiveManifest, restore_id: str) -> None:
    quote = connection.ops.quote_name
    with tempfile.TemporaryDirectory() as scratch:
        script = Path(scratch) / "restore.sql"
        run_tool(
            "pg_restore",
            ["--no-owner", "--no-privileges", f"--file={script}", str(folder / archive.DUMP)],
            needs_database=False,
        )
        checks = "".join(
            f"DO $$ BEGIN IF (SELECT count(*) FROM public.{quote(table)}) <> {int(count)} THEN "
            f"RAISE EXCEPTION 'restored {table} has another number of rows'; END IF; END $$;\n"
            for table, count in manifest.row_counts.items()
        )
        with script.open("a") as file:
            file.write(f"\n{checks}COMMENT ON SCHEMA public IS '{_comment(restore_id)}';\n")
        connection.close()
        start = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
        options = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        run_tool("psql", [*options, "--command", start, "--file", str(script)])


def _stage(folder: Path, manifest: ArchiveManifest, name: str, swap: FolderSwap) -> None:
    staged, prefix = swap.stage(), f"files/{name}/"
    for file in manifest.files:
        if file.path.startswith(prefix):
            target = staged / file.path.removeprefix(prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / file.path, target)
            if archive.sha256_of(target) != file.sha256:
                raise BadArchive(f"{file.path} changed while it was copied.")
