"""Handing playbooks out as Markdown files, one by one or all in a ZIP archive."""

import io
import zipfile
from collections.abc import Iterable

from playbooks.library.files.importing import file_path
from playbooks.library.files.mapping import write_file
from playbooks.library.models import Playbook

# Every archive of the same playbooks is the same, byte for byte.
_DAY = (1980, 1, 1, 0, 0, 0)


def as_file(playbook: Playbook) -> str:
    """Return what readers see of a playbook, as a Markdown file."""
    return write_file(file_path(playbook), playbook.slug, playbook.face)


def as_archive(playbooks: Iterable[Playbook]) -> bytes:
    """Return playbooks as a ZIP archive, each under the path that it came from."""
    file, taken = io.BytesIO(), set[str]()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for playbook in playbooks:
            path = file_path(playbook)
            if path in taken:
                path = f"{playbook.slug}.md"
            taken.add(path)
            archive.writestr(zipfile.ZipInfo(path, _DAY), as_file(playbook), zipfile.ZIP_DEFLATED)
    return file.getvalue()
