"""A backup restores into an empty second server, whole; one that is not whole is refused before anything is touched."""

import hashlib
import json
import subprocess
from pathlib import Path

import psycopg2
import pytest

pytestmark = pytest.mark.long  # an install of its own takes as long as two hundred other tests


@pytest.fixture(scope="session")
def archive(filled):
    target = filled.folder / "archive"
    assert "rows" in filled.manage("backup", target)
    return target


def test_backup_restores_into_an_empty_server(filled, archive, empty):
    assert "Would restore" in empty.manage("restore", archive, "--dry-run")
    assert empty.content() == {}

    assert "Restored" in empty.manage("restore", archive)

    assert empty.content() == filled.content()
    restored = (empty.folder / "uploads" / "inner" / "report ü.csv").read_bytes()
    assert restored == (filled.folder / "uploads" / "inner" / "report ü.csv").read_bytes()
    assert not list((empty.folder / "uploads").glob(".*"))
    # Three months of events with their first-seen companions, the traits and the map of persons, byte for byte.
    assert len(empty.parts()) == 8
    assert empty.parts() == filled.parts()
    assert empty.content()["insights_events_part"][0] == 8
    exported = empty.manage("export_events")
    assert exported == filled.manage("export_events")
    assert "300 events written" in exported
    assert "agrees with its manifest" in empty.manage("verify_store")
    # The portal's own role works on what was restored, and still cannot change the audit trail.
    connection = psycopg2.connect(empty.postgres.app_url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_audit_auditentry")
        assert cursor.fetchone() == filled.content()["portal_audit_auditentry"][:1]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DELETE FROM portal_audit_auditentry")
    connection.close()


def test_restore_refuses_a_database_with_data_unless_told(filled, archive):
    before = filled.content()
    said = filled.manage("restore", archive, fails=True)
    assert "The database is not empty" in said
    assert "--replace" in said
    assert filled.content() == before
    filled.manage("restore", archive, "--replace")
    assert filled.content() == before


def test_restore_refuses_while_others_are_connected(archive, empty):
    connection = psycopg2.connect(empty.postgres.url)
    assert "1 other connections use the database" in empty.manage("restore", archive, fails=True)
    connection.close()


def _rewrite_manifest(archive: Path, **changes) -> None:
    path = archive / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    (archive / "manifest.json.sha256").write_text(hashlib.sha256(path.read_bytes()).hexdigest())


def _truncate_dump(archive: Path) -> None:
    path = archive / "database.dump"
    path.write_bytes(path.read_bytes()[:-100])


def _change_a_byte(archive: Path) -> None:
    path = archive / "database.dump"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _change_manifest(archive: Path) -> None:
    path = archive / "manifest.json"
    path.write_text(path.read_text().replace("ada", "eve").replace('"version": 1', '"version": 1 '))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_truncate_dump, "cut off"),
        (_change_a_byte, "was changed after the backup"),
        (_change_manifest, "manifest.json was changed"),
        (lambda archive: (archive / "manifest.json").unlink(), "is not a backup of the portal"),
        (lambda archive: next((archive / "files").rglob("*.csv")).unlink(), "is missing"),
        (lambda archive: _rewrite_manifest(archive, format="something else"), "is not a backup of the portal"),
        (lambda archive: _rewrite_manifest(archive, version=9), "has format version 9"),
        (lambda archive: _rewrite_manifest(archive, migrations=["portal_people.0999_later"]), "made by a newer portal"),
        (lambda archive: _rewrite_manifest(archive, postgres_major=99), "made by PostgreSQL 99"),
        (
            lambda archive: _rewrite_manifest(archive, files=[{"path": "../x", "n_bytes": 1, "sha256": ""}]),
            "lies outside of it",
        ),
    ],
)
def test_harmed_archive_is_refused_and_nothing_is_touched(archive, tmp_path, db, settings, harm, says):
    from portal.operations.archive import BadArchive
    from portal.operations.restore import check_archive

    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(archive), str(copy)], check=True)
    harm(copy)
    with pytest.raises(BadArchive, match=says):
        check_archive(copy)


def test_failed_restore_leaves_everything_as_it_was(filled, archive, empty, tmp_path):
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(archive), str(copy)], check=True)
    counts = json.loads((copy / "manifest.json").read_text())["row_counts"]
    _rewrite_manifest(copy, row_counts={**counts, "portal_people_user": 7})
    (empty.folder / "uploads").mkdir()
    (empty.folder / "uploads" / "mine.txt").write_text("mine")
    assert "another number of rows" in empty.manage("restore", copy, fails=True)
    assert empty.content() == {}
    assert [path.name for path in (empty.folder / "uploads").iterdir()] == ["mine.txt"]
