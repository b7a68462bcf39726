"""The door to uploads and quarantined rows."""

from typing import Any

from insights.events.public import QuarantinedRow, Source
from insights.sources.models import Reading, SqlQuery, Upload, WatchedFolder
from insights.sources.queries import visible_rows
from portal.people.public import require
from portal.shell.public import NotFound


def get_upload(user: Any, upload_id: int) -> Upload:
    """Return an upload of a source that the user may load into."""
    uploads = Upload.objects.select_related("source__product", "source__id_space", "batch")
    upload = uploads.filter(pk=upload_id, source__in=Source.objects.visible_to(user)).first()
    if upload is None:
        raise NotFound()
    require(user, "sources.load", upload.source)
    return upload


def get_row(user: Any, row_id: int, write: bool = False) -> QuarantinedRow:
    """Return a quarantined row of the user's teams; its text may hold personal data."""
    row = visible_rows(user).filter(pk=row_id).first()
    if row is None:
        raise NotFound()
    if write:
        require(user, "sources.load", row.source)
    return row


def get_reading(user: Any, source: Source, kind: str) -> Reading:
    """Return what the portal reads of a source, for those who may set it; a query is for ops alone."""
    require(user, "sources.edit", source)
    if source.kind == Source.Kind.SQL:
        require(user, "sources.edit_sql")
    model = WatchedFolder if kind == Source.Kind.FOLDER else SqlQuery
    found = model.objects.filter(source=source).first() if source.kind == kind else None
    if found is None:
        raise NotFound("This source does not read a folder or a query, or nobody has said yet which.")
    return found
