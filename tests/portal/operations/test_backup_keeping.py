"""Backups go when their time is over, for whoever was erased is still in them; nothing else in the folder does."""

import datetime as dt
import json
import os

from django.core.management import call_command

from portal.operations.archive import FORMAT
from portal.operations.backup_keeping import remove_old_backups

NOW = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)


def test_old_backups_go_and_what_is_no_backup_stays(settings, tmp_path):
    settings.BACKUP_DIR, settings.BACKUP_KEEP_DAYS = tmp_path, 30
    for name, made_at in (("backup-old", "2026-03-01T11:59:00+00:00"), ("backup-new", "2026-03-01T12:01:00+00:00")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(json.dumps({"format": FORMAT, "created_at": made_at}))
    for name in ("backup-1.partial", "letters"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / "letters" / "manifest.json").write_text("[]")
    assert remove_old_backups(NOW) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup-new", "letters"]
    assert remove_old_backups(NOW) == 0


def test_the_command_says_until_when_a_backup_is_kept(settings, tmp_path, capsys, db, monkeypatch):
    made = {"created_at": "2026-03-01T12:00:00+00:00", "row_counts": {}, "files": []}
    command = "portal.operations.management.commands.backup"
    monkeypatch.setattr(f"{command}.write_backup", lambda folder, say: type("Manifest", (), made))
    settings.BACKUP_DIR = tmp_path
    call_command("backup")
    call_command("backup", str(tmp_path / "elsewhere" / "one"))
    said = capsys.readouterr().out
    assert "It is removed by the night after 31 Mar 2026" in said
    assert "Remove it by 31 Mar 2026 yourself" in said
