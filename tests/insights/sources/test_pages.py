"""The pages and the API: a file goes through the wizard's steps; rows are corrected where they are shown."""

import gzip
import io
import json
import os

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from insights.events.public import Batch, QuarantinedRow, Source, start_batch
from insights.sources import loads
from insights.sources.models import Upload, WatchedFolder
from insights.sources.tasks import run_load
from insights.sources.uploads import store_stream
from tests.factories import make_source

pytestmark = pytest.mark.django_db(transaction=True)
CSV = b"customer_id,date,amount\n007,1997-01-01,12.00\n008,soon,1\n"


def test_wizard_loads_a_file(client_of, owner, product):
    client = client_of(owner)
    answer = client.post(reverse("sources:load-start"), {"name": "Shop", "product": product.pk, "time_zone": "UTC"})
    assert answer.url == reverse("sources:upload-new", args=["shop"])
    answer = client.post(answer.url, {"file": SimpleUploadedFile("buys.csv", CSV)})
    upload = Upload.objects.get()
    assert answer.url == reverse("sources:upload-map", args=[upload.pk])
    page = client.get(answer.url).content.decode()
    assert 'value="customer_id" selected' in page
    assert "Say either which column holds" not in page
    fields = {"who": "customer_id", "when": "date", "time_format": "iso", "event_name": "purchase", "col_2": "number"}
    preview = client.post(answer.url, fields, headers={"HX-Request": "true"}).content.decode()
    assert "“soon” is not a time" in preview
    assert "<html" not in preview
    # A preview that comes late names the button that was pressed meanwhile.
    assert client.post(answer.url, {**fields, "act": "check"}, headers={"HX-Request": "true"}).status_code == 200
    answer = client.post(answer.url, {**fields, "act": "check"})
    assert answer.url == reverse("sources:upload-check", args=[upload.pk])
    assert "Waiting for a worker" in client.get(answer.url).content.decode()
    loads.run_trial(upload.pk)
    assert "Load 1 new event<" in client.get(answer.url).content.decode()
    answer = client.post(reverse("sources:upload-load", args=[upload.pk]))
    batch = Batch.objects.get()
    assert answer.url == reverse("sources:batch-page", args=[batch.pk])
    assert "Stop the load" in client.get(answer.url).content.decode()
    run_load(batch.pk)
    assert "1 row went to quarantine" in client.get(answer.url).content.decode()
    assert client.get(reverse("sources:source-page", args=["shop"])).status_code == 200
    assert Source.objects.get().mapping["types"] == {"amount": "number"}


def test_file_that_cannot_be_read_says_why(client_of, owner, product):
    source = make_source(product)
    client = client_of(owner)
    answer = client.post(reverse("sources:upload-new", args=[source.slug]), {"file": SimpleUploadedFile("x", b"%PDF-")})
    page = client.get(answer.url)
    assert page.status_code == 422
    assert "This is a PDF" in page.content.decode()


def test_empty_file_is_refused_on_its_field(client_of, owner, product):
    source = make_source(product)
    url = reverse("sources:upload-new", args=[source.slug])
    answer = client_of(owner).post(url, {"file": SimpleUploadedFile("x.csv", b"")})
    assert answer.status_code == 422
    assert not Upload.objects.exists()


def _batch_with_bad_row(client, product):
    source = make_source(product)
    mapping = {"who": "customer_id", "when": "date", "event_name": "purchase"}
    url = reverse("api:source-files", args=[source.slug])
    answer = client.post(url, {"file": SimpleUploadedFile("b.csv", CSV), "mapping": json.dumps(mapping)})
    assert answer.status_code == 202, answer.content
    run_load(answer.json()["id"])
    return Batch.objects.get(pk=answer.json()["id"])


def test_row_is_corrected_on_its_page(client_of, owner, product):
    client = client_of(owner)
    _batch_with_bad_row(client, product)
    row = QuarantinedRow.objects.get()
    assert "008,soon,1" in client.get(reverse("sources:row-list")).content.decode()
    url = reverse("sources:row-page", args=[row.pk])
    assert client.post(url, {"raw": "008,later,1"}).status_code == 422
    answer = client.post(url, {"raw": "008,1997-01-05,1"})
    assert answer.status_code == 302
    run_load(Batch.objects.get(kind="replay").pk)
    assert Batch.objects.get(kind="replay").n_accepted == 1
    assert not QuarantinedRow.objects.filter(state="open").exists()


def test_rows_are_dismissed_with_a_reason(client_of, owner, product):
    client = client_of(owner)
    _batch_with_bad_row(client, product)
    row = QuarantinedRow.objects.get()
    assert client.post(reverse("sources:rows-dismiss"), {"row": row.pk}).status_code == 400
    client.post(reverse("sources:rows-dismiss"), {"row": row.pk, "reason": "a test row"})
    row.refresh_from_db()
    assert row.state == "dismissed"


def test_outsider_sees_no_row_text(client_of, owner, outsider, product):
    _batch_with_bad_row(client_of(owner), product)
    page = client_of(outsider).get(reverse("sources:row-list")).content.decode()
    assert "008,soon" not in page
    assert client_of(outsider).get(reverse("api:quarantined-row-list")).json()["results"] == []


def test_load_is_undone_from_its_page(client_of, owner, product):
    client = client_of(owner)
    batch = _batch_with_bad_row(client, product)
    url = reverse("sources:batch-undo", args=[batch.pk])
    assert "1 new event" in client.get(url).content.decode()
    client.post(url)
    batch.refresh_from_db()
    assert batch.state == "undone"
    answer = client.post(reverse("sources:batch-again", args=[batch.pk]))
    run_load(Batch.objects.latest("pk").pk)
    assert answer.status_code == 302
    assert Batch.objects.latest("pk").n_accepted == 1


def test_source_list_escapes_formulas_in_csv(client_of, owner, product):
    make_source(product, name="=1+1")
    body = b"".join(client_of(owner).get(reverse("sources:source-list"), {"format": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert "'=1+1" in body


def _uploaded(client, product, data, **source_fields):
    source = make_source(product, **source_fields)
    answer = client.post(reverse("sources:upload-new", args=[source.slug]), {"file": SimpleUploadedFile("f.csv", data)})
    return Upload.objects.get(), answer.url


def _key(page):
    return page.partition('name="columns" value="')[2].partition('"')[0]


def test_wrong_guess_of_encoding_and_separator_is_put_right(client_of, owner, product):
    client = client_of(owner)
    data = "who^at^what;where\nJosé^2024-01-01^opened;home\n".encode("cp1252")
    upload, url = _uploaded(client, product, data)
    start = client.get(url).content.decode()
    sent = {"columns": _key(start), "encoding": "cp1252", "separator": "semicolon", "who": "who"}
    other = client.post(url, sent, headers={"HX-Request": "true"})
    assert other.headers["HX-Retarget"] == "#mapping"
    assert "where</label>" in other.content.decode()
    sent = {"columns": _key(start), "encoding": "cp850", "separator": "caret", "header": "names"}
    sent |= {"who": "who", "when": "at", "time_format": "iso", "what": "what;where"}
    page = client.post(url, sent).content.decode()
    assert "JosÚ" in page
    answer = client.post(url, {**sent, "encoding": "cp1252", "act": "check"})
    assert answer.status_code == 302
    upload.refresh_from_db()
    assert upload.mapping["read"] == {"encoding": "cp1252", "separator": "^", "has_header": True}
    assert "José" in client.get(url).content.decode()
    client.post(reverse("sources:upload-load", args=[upload.pk]))
    run_load(Batch.objects.get().pk)
    assert Batch.objects.get().n_accepted == 1
    assert Source.objects.get().mapping["read"]["encoding"] == "cp1252"


def test_remembered_way_of_reading_gives_way_when_it_does_not_fit(client_of, owner, product):
    mapping = {"who": "who", "when": "at", "what": "what", "read": {"separator": "^"}}
    _, url = _uploaded(client_of(owner), product, b"who,at,what\nann,2024-01-01,opened\n", mapping=mapping)
    page = client_of(owner).get(url).content.decode()
    assert "Nothing is wrong with the first 1 row" in page
    assert "Found out: Comma" in page


def test_mapping_that_does_not_fit_the_file_is_guessed_anew_and_said(client_of, owner, product):
    mapping = {"who": "user", "when": "at", "what": "what"}
    _, url = _uploaded(client_of(owner), product, b"user_id,timestamp,event\nann,2024-01-01,opened\n", mapping=mapping)
    page = client_of(owner).get(url).content.decode()
    assert "guessed anew" in page
    assert 'value="user_id" selected' in page


def test_column_with_a_role_becomes_nothing_else(client_of, owner, product):
    _, url = _uploaded(client_of(owner), product, b"who,at,what,plan\nann,2024-01-01,opened,pro\n")
    sent = {"who": "who", "when": "at", "time_format": "iso", "what": "what"}
    page = client_of(owner).post(url, sent).content.decode()
    rows = {row.partition('"')[0]: row for row in page.split('<tr data-column="')[1:]}
    assert {name for name, row in rows.items() if "<td data-taken>" in row} == {"who", "at", "what"}
    assert "Who did it" in rows["who"]
    page = client_of(owner).post(url, {**sent, "event_name": "seen"}).content.decode()
    assert "<td data-taken>" not in page.split('<tr data-column="what"')[1].split("</tr>")[0]


@pytest.mark.parametrize("read", [{"separator": ";;"}, {"encoding": "base64"}, {"quote": "x"}, {"sep": ","}, "csv"])
def test_way_of_reading_is_checked(client_of, owner, product, read):
    source = make_source(product)
    mapping = {"who": "a", "when": "b", "event_name": "c", "read": read}
    url = reverse("api:source-detail", args=[source.slug])
    answer = client_of(owner).patch(url, json.dumps({"mapping": mapping}), content_type="application/json")
    assert answer.status_code == 400
    assert any("read" in name for name in answer.json()["fields"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "This is no text"),
        (b"<!doctype html><html><body>Log in</body></html>\n" * 9, "This is a web page"),
        (gzip.compress(b"<html>Log in</html>\n" * 9), "This is a web page"),
        (gzip.compress(b"who,at\n1,2\n" * 9999)[:90], "damaged or cut off"),
        (gzip.compress(os.urandom(9999))[:20] + b"\xff" * 200, "damaged or cut off"),
        (b"a" + b",b" * 5000 + b"\n", "5,001 columns; the limit is 1,000"),
        (b"\n\n\n", "only blank lines"),
        (b"PK\x03\x04 no zip", "damaged or cut off"),
    ],
    ids=["picture", "web page", "packed web page", "cut off", "damaged", "many columns", "blank lines", "no zip"],
)
def test_file_of_the_wrong_kind_is_refused_in_words(client_of, owner, product, data, words):
    _, url = _uploaded(client_of(owner), product, data)
    page = client_of(owner).get(url)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_odd_but_readable_text_is_no_wrong_kind(client_of, owner, product):
    data = "誰,何時,何\n安奈,2024-01-01,見た\n".encode("utf-16")
    _, url = _uploaded(client_of(owner), product, data)
    assert "安奈" in client_of(owner).get(url).content.decode()


def test_header_without_rows_and_sheets_that_are_not_read_are_said(client_of, owner, product):
    _, url = _uploaded(client_of(owner), product, b"who,at,what\n")
    assert "holds no row" in client_of(owner).get(url).content.decode()
    Upload.objects.all().delete()
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.create_sheet("second")
    for row in (["who", "at", "what"], ["ann", "2024-01-01", "opened"]):
        book.worksheets[0].append(row)
    book.save(file)
    answer = client_of(owner).post(
        reverse("sources:upload-new", args=["web"]), {"file": SimpleUploadedFile("b.xlsx", file.getvalue())}
    )
    assert "has 2 sheets; only the first is read" in client_of(owner).get(answer.url).content.decode()


def test_names_of_columns_are_text_wherever_they_stand(client_of, owner, product):
    _, url = _uploaded(client_of(owner), product, b'"<b>x</b>",at,"""><script>"\n"<i>",2024-01-01,1\n')
    page = client_of(owner).get(url).content.decode()
    assert "<b>x" not in page
    assert "<i>" not in page
    assert '"><script>' not in page


def test_columns_of_a_failed_load_are_mapped_from_its_page(client_of, owner, product):
    client, source = client_of(owner), make_source(product, kind="folder")
    stored = store_stream([b"user,at,what\nann,2024-01-01,opened\n"])
    batch = start_batch(source, "folder", actor=owner, file_name="may.csv", file_path=stored.path)
    run_load(batch.pk)
    page = client.get(reverse("sources:batch-page", args=[batch.pk])).content.decode()
    assert "Nobody has said yet which column is what" in page
    assert "Look at its columns" in page
    answer = client.post(reverse("sources:batch-map", args=[batch.pk]))
    assert 'value="user" selected' in client.get(answer.url).content.decode()
    client.post(answer.url, {"who": "user", "when": "at", "what": "what", "time_format": "iso", "act": "check"})
    client.post(reverse("sources:upload-load", args=[Upload.objects.get().pk]))
    run_load(Batch.objects.latest("pk").pk)
    assert Batch.objects.latest("pk").n_accepted == 1
    again = client.post(reverse("sources:batch-again", args=[batch.pk]))
    run_load(Batch.objects.latest("pk").pk)
    assert "nothing doubled" in client.get(again.url).content.decode()
    assert client.post(reverse("sources:batch-map", args=[Batch.objects.latest("pk").pk])).status_code == 409


def test_list_shows_a_source_whose_reading_failed(client_of, owner, product):
    source = make_source(product, kind="folder")
    WatchedFolder.objects.create(source=source, folder="daily", last_error="The folder is gone.")
    page = client_of(owner).get(reverse("sources:source-list")).content.decode()
    assert "Reading failed" in page
    assert "The folder is gone." not in page


def test_quarantine_says_what_it_is_narrowed_to(client_of, owner, product):
    batch = _batch_with_bad_row(client_of(owner), product)
    url = reverse("sources:row-list")
    page = client_of(owner).get(url, {"batch": batch.pk, "reason_code": "bad_time"}).content.decode()
    assert f"Only rows of load {batch.pk} with the reason “Bad time”" in page
    assert "008,soon,1" in page
