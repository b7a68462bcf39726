"""The door to uploads and quarantined rows."""

from typing import Any

from insights.events.public import QuarantinedRow, Source
from insights.sources.models import Upload
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
