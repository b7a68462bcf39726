"""Writes to uploads, loads and quarantined rows, each checked and recorded."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.catalogue.public import announce_commit
from insights.events.public import Batch, QuarantinedRow, Source, start_batch, undo_batch, update_source
from insights.sources.contracts import FileFault
from insights.sources.keeping import lock_file
from insights.sources.loads import file_of
from insights.sources.mapping import Mapping
from insights.sources.models import SqlQuery, Upload, WatchedFolder
from insights.sources.uploads import chunks_of, load_limits, path_of, store_stream
from portal.audit.public import record, state_of
from portal.operations.public import enqueue_on_commit
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, NotFound


def store_upload(source: Source, file_name: str, chunks: Iterable[bytes], *, actor: Any) -> Upload:
    """Keep a file for a source, streamed to disk under a random name."""
    require(actor, "sources.load", source)
    if not source.is_active:
        raise Conflict("This source is paused. Resume it before you load into it.")
    stored = store_stream(chunks)
    try:
        if stored.n_bytes == 0:
            raise BadInput(
                "The file is empty. Check the export and upload it again.", fields={"file": ["It is empty."]}
            )
        with transaction.atomic():
            upload = Upload.objects.create(
                source=source,
                file_name=file_name.replace("\\", "/").rpartition("/")[2][-255:] or "file",
                path=stored.path,
                n_bytes=stored.n_bytes,
                checksum=stored.checksum,
                created_by=actor if actor.pk else None,
            )
            record(actor, "upload.stored", upload, after={"source": source.slug, "n_bytes": stored.n_bytes})
            return upload
    except BaseException:
        path_of(stored.path).unlink(missing_ok=True)
        raise


@transaction.atomic
def map_upload(upload: Upload, mapping: Mapping, *, actor: Any) -> Upload:
    """Keep the mapping of an upload; what an earlier dry run said no longer holds."""
    require(actor, "sources.load", upload.source)
    changed = Upload.objects.filter(pk=upload.pk, batch=None).update(
        mapping=mapping.to_json(), trial_state="", trial={}, trial_error=""
    )
    if not changed:
        raise Conflict("This file is being loaded already. Upload it again to load it with another mapping.")
    before = {"mapping": upload.mapping}
    upload.refresh_from_db()
    record(actor, "upload.mapped", upload, before=before, after={"mapping": upload.mapping})
    return upload


@transaction.atomic
def try_upload(upload: Upload, *, actor: Any) -> Upload:
    """Have a worker say what a load would bring."""
    require(actor, "sources.load", upload.source)
    over = ["", Upload.TrialState.DONE, Upload.TrialState.FAILED]
    idle = Upload.objects.filter(pk=upload.pk, batch=None, trial_state__in=over)
    asked = {"trial": {}, "trial_error": "", "trial_heartbeat_at": timezone.now(), "trial_n_attempts": 0}
    if idle.update(trial_state=Upload.TrialState.WAITING, **asked):
        enqueue_on_commit("sources.try_upload", upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


@transaction.atomic
def load_upload(upload: Upload, *, actor: Any) -> Batch:
    """Start the load of an upload and remember its mapping on the source; pressing twice starts one load."""
    require(actor, "sources.load", upload.source)
    upload = Upload.objects.select_for_update(of=("self",)).select_related("source__product").get(pk=upload.pk)
    if upload.batch:
        return upload.batch
    source = upload.source
    remembered = {key: value for key, value in upload.mapping.items() if key != "read" or value}
    if source.mapping != remembered:
        source = update_source(source, actor=actor, mapping=remembered)
    batch = start_batch(source, Batch.Kind.UPLOAD, actor=actor, file_name=upload.file_name, file_path=upload.path)
    Upload.objects.filter(pk=upload.pk).update(batch=batch)
    enqueue_on_commit("sources.run_load", batch_id=batch.pk)
    return batch


@transaction.atomic
def load_again(batch: Batch, *, actor: Any) -> Batch:
    """Start a new load of the same file with the same mapping: after an undo, a failure or a cancel."""
    require(actor, "sources.load", batch.source)
    lock_file(batch.file_path, batch.source_id)
    if not batch.is_over or not batch.file_path:
        raise Conflict("This load has no file that could be loaded again, or it is not over yet.")
    try:
        file_of(batch)
    except FileFault as fault:
        raise Conflict(str(fault)) from fault
    again = start_batch(batch.source, batch.kind, actor=actor, file_name=batch.file_name, file_path=batch.file_path)
    # The cursor of a page that was taken and undone has gone on already; a page that failed still has to move it.
    left_out = {"read_as", "cursor"} if batch.state in (Batch.State.DONE, Batch.State.UNDONE) else {"read_as"}
    mapping = {key: value for key, value in batch.mapping.items() if key not in left_out}
    if "who" not in mapping:  # nobody had said then which column is what
        mapping = {**batch.source.mapping, **mapping}
    Batch.objects.filter(pk=again.pk).update(mapping=mapping)
    enqueue_on_commit("sources.run_load", batch_id=again.pk)
    return again


def upload_from(batch: Batch, *, actor: Any) -> Upload:
    """Take the file of a load that brought nothing as an upload, so that its columns can be mapped anew."""
    if batch.state not in (Batch.State.FAILED, Batch.State.CANCELLED, Batch.State.UNDONE):
        raise Conflict("The columns of a load that is done stay as they are. Undo it first.")
    if batch.kind not in (Batch.Kind.UPLOAD, Batch.Kind.FOLDER, Batch.Kind.SQL) or not batch.file_path:
        raise Conflict("This load has no file whose columns could be mapped.")
    try:
        path = file_of(batch)
    except FileFault as fault:
        raise Conflict(str(fault)) from fault
    name = batch.file_name if batch.kind != Batch.Kind.SQL else f"{batch.file_name}.csv"
    return store_upload(batch.source, name, chunks_of(path), actor=actor)


@transaction.atomic
def read_now(source: Source, *, actor: Any) -> None:
    """Have a worker read the folder or the query of a source."""
    require(actor, "sources.load", source)
    if source.kind == Source.Kind.SQL:
        require(actor, "sources.edit_sql")
    if source.kind not in (Source.Kind.FOLDER, Source.Kind.SQL):
        raise NotFound("This source is not read by the portal itself.")
    if not source.is_active:
        raise Conflict("This source is paused. Resume it before you read it.")
    if not (WatchedFolder if source.kind == Source.Kind.FOLDER else SqlQuery).objects.filter(source=source).exists():
        raise Conflict("Nobody has said yet what this source reads. Set it first.")
    record(actor, "source.read", source)
    enqueue_on_commit("sources.read_source", source_id=source.pk)


def undo_load(batch: Batch, *, actor: Any) -> None:
    """Take a finished load back, and have the catalogue forget at once what came with it alone."""
    if batch.state != Batch.State.DONE:
        raise Conflict("Only a load that is done can be undone.")
    undo_batch(batch, actor=actor)
    announce_commit(batch.source_id, at_once=True)
    batch.refresh_from_db()


@transaction.atomic
def dismiss_rows(rows: Iterable[QuarantinedRow], *, actor: Any, reason: str) -> int:
    """Set quarantined rows aside for good, with the reason; their text stays to be read."""
    if not reason.strip():
        raise BadInput("Say why these rows need no correction.", fields={"reason": ["Say why."]})
    n_dismissed = 0
    for row in rows:
        require(actor, "sources.load", row.source)
        open_row = QuarantinedRow.objects.filter(pk=row.pk, state=QuarantinedRow.State.OPEN)
        if open_row.update(state=QuarantinedRow.State.DISMISSED):
            n_dismissed += 1
            record(actor, "quarantined_row.dismissed", row, after={"state": "dismissed"}, note=reason.strip()[:500])
    return n_dismissed


def upload_chunks(file: Any) -> Iterable[bytes]:
    """Yield an uploaded file's bytes, refusing at once what says itself that it is too large."""
    cap = load_limits().file_bytes
    if file.size and file.size > cap:
        raise BadInput(
            "The file is larger than the limit.", fields={"file": ["It is larger than the limit. Split it."]}
        )
    return file.chunks(1 << 20)


def refuse_with_loads(source: Source) -> None:
    """Raise Conflict for a source that had a load: numbers may come from it."""
    if source.batches.exists():
        raise Conflict("This source has loads, and numbers may come from them. Pause it instead of deleting it.")


@transaction.atomic
def delete_source(source: Source, *, actor: Any) -> None:
    """Remove a source that never held an event; one that did is paused instead, so that numbers keep their origin."""
    require(actor, "sources.edit", source)
    refuse_with_loads(source)
    record(actor, "source.deleted", source, before=state_of(source))
    for upload in source.uploads.all():
        transaction.on_commit(lambda name=upload.path: path_of(name).unlink(missing_ok=True))
    source.delete()
