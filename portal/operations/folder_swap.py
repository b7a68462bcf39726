"""Replacing a folder's contents so that a kill at any line can be made good.

Entry by entry, by renames within the folder: it may be a mounted volume, which cannot be renamed itself.
"""

import shutil
from pathlib import Path

_STAGED, _BEFORE, _COMPLETE = ".restoring", ".before-restore", ".complete"


class FolderSwap:
    """The swap of one folder: stage the new contents, `enter`, then `keep` or `undo`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.staged = folder / _STAGED
        self._before = folder / _BEFORE

    @property
    def is_under_way(self) -> bool:
        """Say whether the contents of before are still set aside."""
        return self._before.exists()

    def stage(self) -> Path:
        """Return an empty folder for the new contents."""
        shutil.rmtree(self.staged, ignore_errors=True)
        self.staged.mkdir(parents=True)
        return self.staged

    def enter(self) -> None:
        """Set the contents of before aside and put the staged ones in their place."""
        self._before.mkdir()
        for path in self._entries():
            path.rename(self._before / path.name)
        (self._before / _COMPLETE).touch()
        for path in list(self.staged.iterdir()):
            path.rename(self.folder / path.name)

    def keep(self) -> None:
        """Forget the contents of before."""
        shutil.rmtree(self.staged, ignore_errors=True)
        shutil.rmtree(self._before, ignore_errors=True)

    def undo(self) -> None:
        """Put the contents of before back; may be called again after it was cut off."""
        if self.is_under_way:
            if (self._before / _COMPLETE).exists():
                self.staged.mkdir(exist_ok=True)
                for path in self._entries():
                    path.rename(self.staged / f"{len(list(self.staged.iterdir()))}-{path.name}")
                (self._before / _COMPLETE).unlink()
            for path in list(self._before.iterdir()):
                path.rename(self.folder / path.name)
            self._before.rmdir()
        shutil.rmtree(self.staged, ignore_errors=True)

    def _entries(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.name not in (_STAGED, _BEFORE)]
