"""What lies in `var/` is not for other users of the machine."""

import pytest

from portal.operations.installation import Installation


@pytest.mark.parametrize("name", ["backups", "events", "mail", "staging", "uploads"])
def test_folders_with_personal_data_are_closed_to_others(tmp_path, name):
    (tmp_path / "events").mkdir(mode=0o755)  # of an older version
    installation = Installation(tmp_path)
    installation.hold()
    installation._lock.close()
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o700
