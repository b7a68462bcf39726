"""How long backups are kept: whoever is erased today must be gone from the last of them some weeks later."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from portal.operations.archive import FORMAT


def keep_until(made_at: datetime) -> datetime:
    """Return when a backup of a moment goes."""
    return made_at + timedelta(days=settings.BACKUP_KEEP_DAYS)


def remove_old_backups(now: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Remove the backups of the portal's own folder whose time is over, and what was never finished."""
    if not settings.BACKUP_DIR.is_dir():
        return 0
    folders = [path for path in sorted(settings.BACKUP_DIR.iterdir()) if path.is_dir() and not path.is_symlink()]
    n_removed = 0
    for number, folder in enumerate(folders, start=1):
        made_at = _made_at(folder, now)
        if made_at is not None and keep_until(made_at) <= now:
            (folder / "manifest.json").unlink(missing_ok=True)  # first: half removed, it is no backup any more
            shutil.rmtree(folder)
            n_removed += 1
        progress(number, len(folders))
    return n_removed


def _made_at(folder: Path, now: datetime) -> datetime | None:
    """Return when a backup was made, None of a folder that is none of ours."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        is_ours = isinstance(manifest, dict) and manifest.get("format") == FORMAT
        return datetime.fromisoformat(manifest["created_at"]) if is_ours else None
    except FileNotFoundError:  # not whole: begun and left, or half removed
        is_ours = folder.name.startswith("backup-") or folder.suffix == ".partial"
        return datetime.fromtimestamp(folder.stat().st_mtime, now.tzinfo) if is_ours else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
