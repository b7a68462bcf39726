"""What lies in `var/` is not for other users of the machine."""

import pytest

from portal.operations.installation import AlreadyRunning, Installation


@pytest.mark.parametrize("name", ["backups", "events", "mail", "staging", "uploads"])
def test_folders_with_personal_data_are_closed_to_others(tmp_path, name):
    (tmp_path / "events").mkdir(mode=0o755)  # of an older version
    installation = Installation(tmp_path)
    installation.hold()
    installation._lock.close()
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o700


def test_a_supervisor_that_was_refused_leaves_the_note_of_the_one_that_runs(tmp_path):
    first, second = Installation(tmp_path), Installation(tmp_path)
    first.hold()
    first.publish({"DATABASE_URL": "postgresql://here"})
    with pytest.raises(AlreadyRunning):
        second.hold()
    second.withdraw()
    assert (tmp_path / "services.json").exists(), "manage.py still finds the servers"
    first.withdraw()
    assert not (tmp_path / "services.json").exists()
    first._lock.close()
