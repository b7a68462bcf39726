"""Files on feedback: checked by what is in them, kept under random names, handed out to be saved and never shown."""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from insights.voice.feedback.file_types import ALLOWED, MOST_BYTES, MOST_FILES, kind_of_file
from insights.voice.feedback.models import Attachment, Feedback
from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import BadInput, is_storable

FOLDER = "attachments"
_GRACE = timedelta(days=1)  # a file may lie here for a while before the row that names it is written


def check_file(name: str, data: bytes) -> str:
    """Return what a file is, or say why it cannot hang on feedback."""
    if len(data) > MOST_BYTES:
        raise BadInput(fields={"files": [f"“{name}” has more than {MOST_BYTES // 1024 // 1024} MB."]})
    kind = kind_of_file(data)
    if not kind:
        raise BadInput(fields={"files": [f"“{name}” cannot be taken. Files may be {ALLOWED}."]})
    return kind


@transaction.atomic
def attach_file(feedback: Feedback, name: str, data: bytes, *, actor: Any) -> Attachment:
    """Keep a file with a piece of feedback; the same one twice is there once."""
    require(actor, "feedback.edit", feedback)
    name = _clean_name(name)
    kind, checksum = check_file(name, data), hashlib.sha256(data).hexdigest()
    Feedback.objects.select_for_update(of=["self"]).filter(pk=feedback.pk).first()
    known = list(Attachment.objects.filter(feedback=feedback))
    if same := next((one for one in known if one.checksum == checksum), None):
        return same
    if len(known) >= MOST_FILES:
        raise BadInput(fields={"files": [f"A piece of feedback has at most {MOST_FILES} files."]})
    path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(data))
    try:
        with transaction.atomic():
            attachment = Attachment.objects.create(
                feedback=feedback,
                name=name,
                kind=kind,
                path=path,
                n_bytes=len(data),
                checksum=checksum,
                created_by_id=actor.pk,
            )
            record(actor, "feedback.file_added", feedback, after={"kind": kind, "n_bytes": len(data)})
    except BaseException:
        default_storage.delete(path)
        raise
    return attachment


def _clean_name(name: str) -> str:
    plain = " ".join(name.replace("\\", "/").rpartition("/")[2].split())[-200:]
    return plain if plain and is_storable(plain) and plain.isprintable() else "file"


@transaction.atomic
def remove_attachment(attachment: Attachment, *, actor: Any) -> None:
    """Take a file off a piece of feedback, for good."""
    require(actor, "feedback.edit", attachment.feedback)
    record(actor, "feedback.file_removed", attachment.feedback, before={"kind": attachment.kind})
    _remove_later([attachment.path])
    attachment.delete()


def forget_files(pieces: Any) -> int:
    """Remove the files of pieces that are about to be deleted, once that stands; return how many."""
    paths = list(Attachment.objects.filter(feedback__in=pieces).values_list("path", flat=True))
    _remove_later(paths)
    return len(paths)


def _remove_later(paths: Iterable[str]) -> None:
    for path in paths:
        transaction.on_commit(lambda path=path: default_storage.delete(path))


def sweep_files(now: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Remove files that no piece has any more, such as those of a deletion that died half-way; safe to run again."""
    if not default_storage.exists(FOLDER):
        return 0
    _, names = default_storage.listdir(FOLDER)
    paths = [f"{FOLDER}/{name}" for name in names]
    known = set(Attachment.objects.values_list("path", flat=True))
    n_removed = 0
    for path in paths:
        if path not in known and default_storage.get_modified_time(path) < now - _GRACE:
            default_storage.delete(path)
            n_removed += 1
    progress(len(paths), len(paths))
    return n_removed
