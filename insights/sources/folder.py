"""Watched folders: files that have come to rest become batches, each once; no symbolic links, nothing outside."""

import fnmatch
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from insights.events.public import Batch, Source, start_batch
from insights.sources.loads import run_load
from insights.sources.models import WatchedFile, WatchedFolder
from insights.sources.reading import noting_faults
from insights.sources.uploads import chunks_of, path_of, store_stream
from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import BadInput, Conflict

_AT_REST_S = 60
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", "~")


@dataclass(frozen=True)
class Found:
    """A file of a folder: its name, bytes and time of change."""

    name: str
    n_bytes: int
    modified_ns: int


def root_dir() -> Path:
    """Return the folder below which all watched folders lie."""
    return Path(settings.WATCHED_FOLDERS_DIR).resolve()


def folder_path(folder: str) -> Path:
    """Return the place of a watched folder; a path that leads outside, or over a link, is refused."""
    root = root_dir()
    names = folder.strip("/").split("/")
    is_readable = "\0" not in folder and max(len(name.encode("utf-8", "replace")) for name in names) < 256
    place = root / folder.strip("/")
    if not is_readable or place.resolve() != place or not place.is_relative_to(root):
        raise BadInput(fields={"folder": [f"Name a folder below {root.name}/ without links or “..”."]})
    return place


@transaction.atomic
def save_folder(source: Source, *, actor: Any, folder: str, pattern: str = "*") -> WatchedFolder:
    """Set which folder a source watches."""
    require(actor, "sources.edit", source)
    if source.kind != Source.Kind.FOLDER:
        raise Conflict("This source does not watch a folder.")
    place = folder_path(folder)
    _refuse_others(source, place, actor)
    place.mkdir(parents=True, exist_ok=True, mode=0o750)
    known = WatchedFolder.objects.filter(source=source).first()
    before = state_of(known) if known else None
    fields = {"folder": folder.strip("/"), "pattern": pattern or "*"}
    saved, _ = WatchedFolder.objects.update_or_create(source=source, defaults=fields)
    verb = "watched_folder.changed" if known else "watched_folder.created"
    record(actor, verb, saved, before=before, after=state_of(saved))
    return saved


def _refuse_others(source: Source, place: Path, actor: Any) -> None:
    """Refuse a folder with another team's files in it, to all but ops: it would make them this team's."""
    if actor.is_ops:
        return
    if place == root_dir():
        raise BadInput(fields={"folder": ["Name a folder of its own for this source."]})
    others = WatchedFolder.objects.exclude(source__product__team=source.product.team_id)
    taken = [folder_path(folder) for folder in others.values_list("folder", flat=True)]
    if any(place == other or place in other.parents or other in place.parents for other in taken):
        raise BadInput(fields={"folder": ["Another team's source reads this folder. Name another, or ask ops."]})


def list_files(watched: WatchedFolder) -> Iterator[Found]:
    """Yield the regular files of a folder that match, by name; links, hidden and unfinished files are passed over."""
    place = folder_path(watched.folder)
    if not place.is_dir():
        raise BadInput(f"The folder {watched.folder} is not there any more. Make it again, or name another.")
    try:
        with os.scandir(place) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except PermissionError:
        raise BadInput(f"The portal may not look into {watched.folder}. Let its user on the server read it.") from None
    for entry in listed:
        if entry.name.startswith(".") or entry.name.endswith(_UNFINISHED):
            continue
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(status.st_mode) and fnmatch.fnmatch(entry.name, watched.pattern):
            yield Found(entry.name, status.st_size, status.st_mtime_ns)


def _note(watched: WatchedFolder, found: Found) -> WatchedFile | None:
    """Return the note of a file that is ready to be taken; None while it may still grow, or was taken."""
    key = {"name": found.name, "n_bytes": found.n_bytes, "modified_ns": found.modified_ns}
    note = watched.files.filter(**key).first()
    if note and note.checksum:
        return None
    is_at_rest = time.time() - found.modified_ns / 1e9 > _AT_REST_S
    if note is None:
        note = watched.files.create(**key)
    else:  # it looks as it did when it was noted, some time ago
        is_at_rest = is_at_rest or timezone.now().timestamp() - note.seen_at.timestamp() > _AT_REST_S
    return note if is_at_rest else None


def take_file(watched: WatchedFolder, found: Found, *, actor: Any) -> Batch | None:
    """Copy a file and make its waiting batch; None when it is not at rest, or the same bytes were taken before."""
    note = _note(watched, found)
    if note is None or found.n_bytes == 0:
        return None
    path = folder_path(watched.folder) / found.name
    stored = store_stream(chunks_of(path))
    status = path.lstat()
    has_changed = (status.st_size, status.st_mtime_ns) != (found.n_bytes, found.modified_ns)
    if has_changed or stored.n_bytes != found.n_bytes:
        path_of(stored.path).unlink(missing_ok=True)
        return None
    if watched.files.filter(checksum=stored.checksum).exists():
        WatchedFile.objects.filter(pk=note.pk).update(checksum=stored.checksum)
        path_of(stored.path).unlink(missing_ok=True)
        return None
    with transaction.atomic():
        taken = WatchedFile.objects.filter(pk=note.pk, checksum="")
        if not taken.update(checksum=stored.checksum):
            path_of(stored.path).unlink(missing_ok=True)
            return None
        source = watched.source
        batch = start_batch(source, Batch.Kind.FOLDER, actor=actor, file_name=found.name, file_path=stored.path)
        WatchedFile.objects.filter(pk=note.pk).update(batch=batch)
    return batch


def read_folder(watched: WatchedFolder, *, actor: Any) -> list[Batch]:
    """Load every file of a folder that has come to rest and was not loaded before; a file that fails stops no other."""
    batches = []
    with noting_faults(watched) as note:
        for found in list_files(watched):
            try:
                batch = take_file(watched, found, actor=actor)
            except (OSError, IntegrityError) as fault:
                note(_words_of_file(found.name, fault))
                continue
            if batch is None:
                continue
            run_load(batch.pk)
            batch.refresh_from_db()
            batches.append(batch)
            if batch.state != Batch.State.DONE:
                note(f"{found.name} was not loaded. {batch.error} Open the load below to mend it.")
    return batches


def _words_of_file(name: str, fault: Exception) -> str:
    if isinstance(fault, PermissionError):
        return f"The portal may not read {name}. Let its user on the server read the file."
    if isinstance(fault, FileNotFoundError):
        return f"{name} went away while it was read."
    return f"{name} could not be read ({fault.__class__.__name__}). It is tried again by the source's schedule."
