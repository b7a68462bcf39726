"""Who may open the addresses of sources, loads and the quarantine."""

from insights.events.public import Batch, QuarantinedRow, Source
from insights.sources.models import SqlQuery, Upload, WatchedFolder
from portal.people.models import Product
from tests.factories import make_source
from tests.house.access_table import Row, from_role, insiders, signed_in

EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
EDITORS_POST = {**from_role("product_manager", 302, else_=403), "outsider": 403}
POST_ONLY = signed_in(405)


def _made(world, kind="upload"):
    # The rows of one address share a world, role by role.
    return Source.objects.filter(kind=kind).first() or make_source(world.product, name=f"Web {kind}", kind=kind)


def _source(world):
    return {"slug": _made(world).slug}


def _hidden(world):
    kwargs = _source(world)
    Product.objects.filter(pk=world.product.pk).update(visibility="team")
    return kwargs


def _folder(world):
    source = _made(world, "folder")
    WatchedFolder.objects.get_or_create(source=source, folder="daily")
    return {"slug": source.slug}


def _query(world):
    source = _made(world, "sql")
    SqlQuery.objects.get_or_create(source=source, query="SELECT 1 AS id", cursor_column="id")
    return {"slug": source.slug}


def _upload(world):
    source = _made(world)
    fields = {"file_name": "x.csv", "n_bytes": 1, "checksum": "x"}
    upload, _ = Upload.objects.get_or_create(source=source, path="missing", defaults=fields)
    batch = Batch.objects.create(source=source, kind="upload", state="done")
    Upload.objects.filter(pk=upload.pk).update(batch=batch)
    return {"pk": upload.pk}


def _batch(world):
    return {"pk": Batch.objects.create(source=_made(world), kind="upload", state="done").pk}


def _row(world):
    batch = Batch.objects.create(source=_made(world), kind="upload", state="done")
    row = QuarantinedRow.objects.create(
        batch=batch, source=batch.source, item_no=2, raw="x", reason_code="c", reason="r"
    )
    return {"pk": row.pk}


ROWS = [
    Row("sources:source-list", signed_in(200)),
    Row("sources:source-new", from_role("product_manager", 200, else_=403)),
    Row("sources:source-page", signed_in(200), _source),
    Row("sources:source-page", insiders(200), _hidden),
    Row("sources:source-edit", EDITORS, _source),
    Row("sources:source-pause", POST_ONLY, _source),
    Row("sources:source-pause", EDITORS_POST, _source, method="post"),
    Row("sources:source-delete", EDITORS, _source),
    Row("sources:reading-edit", EDITORS, _folder),
    Row("sources:read-now", EDITORS_POST, _folder, method="post"),
    Row("sources:upload-new", EDITORS, _source),
    Row("sources:load-start", from_role("product_manager", 200, else_=403)),
    Row("sources:upload-map", {**EDITORS_POST}, _upload),
    Row("sources:upload-check", {**EDITORS_POST}, _upload),
    Row("sources:upload-load", POST_ONLY, _upload),
    Row("sources:batch-page", signed_in(200), _batch),
    Row("sources:batch-cancel", EDITORS_POST, _batch, method="post"),
    Row("sources:batch-undo", EDITORS, _batch),
    Row("sources:batch-again", POST_ONLY, _batch),
    Row("sources:batch-map", POST_ONLY, _batch),
    Row("sources:row-list", signed_in(200)),
    Row("sources:rows-replay", from_role("viewer", 302, else_=302), method="post"),
    Row("sources:rows-dismiss", POST_ONLY),
    Row("sources:row-page", insiders(200), _row),
]


ROWS += [
    Row("api:source-list", signed_in(200, anonymous=401)),
    Row("api:source-detail", signed_in(200, anonymous=401), _source),
    Row("api:source-pause", {**EDITORS, "anonymous": 401}, _source, method="post"),
    Row("api:source-resume", {**EDITORS, "anonymous": 401}, _source, method="post"),
    Row("api:source-watched-folder", {**EDITORS, "anonymous": 401}, _folder),
    Row("api:source-sql-query", {**from_role("ops", 200, else_=403), "anonymous": 401}, _query),
    Row("api:source-read", signed_in(405, anonymous=401), _folder),
    Row("api:source-files", signed_in(405, anonymous=401), _source),
    Row("api:source-uploads", signed_in(405, anonymous=401), _source),
    Row("api:upload-list", signed_in(200, anonymous=401)),
    Row("api:upload-detail", {**EDITORS, "anonymous": 401}, _upload),
    Row("api:upload-check", signed_in(405, anonymous=401), _upload),
    Row(
        "api:upload-load",
        {**from_role("product_manager", 202, else_=403), "outsider": 403, "anonymous": 401},
        _upload,
        method="post",
    ),
    Row("api:batch-list", signed_in(200, anonymous=401)),
    Row("api:batch-detail", signed_in(200, anonymous=401), _batch),
    Row("api:batch-cancel", {**EDITORS, "anonymous": 401}, _batch, method="post"),
    Row("api:batch-undo", signed_in(405, anonymous=401), _batch),
    Row("api:batch-again", signed_in(405, anonymous=401), _batch),
    Row("api:quarantined-row-list", signed_in(200, anonymous=401)),
    Row("api:quarantined-row-detail", insiders(200, anonymous=401), _row),
    Row("api:quarantined-row-replay", signed_in(405, anonymous=401), _row),
    Row("api:quarantined-row-dismiss", signed_in(405, anonymous=401), _row),
]
