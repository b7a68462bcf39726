"""What the events room hangs into the registry."""

from collections.abc import Iterator

from insights.events.engine import store_dir
from insights.events.models import Part
from portal.shell.public import BackupFiles, registry


def _list_parts() -> Iterator[tuple[str, str]]:
    # Of one version: the caller reads in one snapshot of the database.
    yield from Part.objects.filter(removed_version=None).values_list("path", "checksum")


registry.add(BackupFiles("events", folder=store_dir, list_files=_list_parts, are_immutable=True))
