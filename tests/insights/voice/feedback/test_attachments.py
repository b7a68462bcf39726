"""Files on feedback: told by what is in them, saved and never shown, gone with the piece."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from insights.events.public import default_id_space
from insights.voice.feedback.attachments import FOLDER, attach_file, sweep_files
from insights.voice.feedback.models import Attachment, Feedback
from insights.voice.feedback.personal import erase_person
from portal.operations.backup import list_uploads
from tests.factories import make_channel

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


def office(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def kept():
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


@pytest.fixture(autouse=True)
def no_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def test_a_form_brings_files_that_are_saved_and_never_shown(client_of, owner, product, outsider):
    client = client_of(owner)
    form = {"product": "planner", "text": "Look at this.", "kind": "problem", "said_on": "2024-01-20"}
    files = [SimpleUploadedFile("a b.png", PNG), SimpleUploadedFile("page.txt", b"Plain words, no page.")]
    form |= {"channel": make_channel("call").pk, "visibility": "company", "files": files}
    answer = client.post(reverse("feedback:feedback-new"), form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    piece = Feedback.objects.get()
    assert [(one.name, one.kind) for one in piece.attachments.all()] == [("a b.png", "PNG image"), ("page.txt", "Text")]
    assert "a b.png" in client.get(piece.get_absolute_url()).content.decode()
    picture = piece.attachments.first()
    answer = client.get(picture.get_absolute_url())
    assert answer.content == PNG
    assert answer["Content-Disposition"] == 'attachment; filename="a b.png"'
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert f"{FOLDER}/{picture.path.rpartition('/')[2]}" in [name for name, _ in list_uploads()]
    client_of(outsider)
    assert client.get(picture.get_absolute_url()).status_code == 404, "a file cannot be masked"
    assert "a b.png" not in client.get(piece.get_absolute_url()).content.decode()
    assert client.get(f"/api/v1/feedback/{piece.pk}/").json()["attachments"] == []


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><p>Hi",
        b"\xef\xbb\xbf  <svg onload=alert(1)>",
        b"words and then <script>alert(1)</script>",
        b"MZ\x90\x00\x03program",
        office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        office("evil.exe"),
        b"PK\x03\x04 broken",
        b"",
    ],
    ids=["html", "svg", "script", "program", "macros", "zip", "broken-zip", "empty"],
)
def test_what_could_run_is_refused_whatever_its_name(client_of, owner, say, data):
    piece = say()
    sent = {"file": SimpleUploadedFile("harmless.png", data)}
    answer = client_of(owner).post(f"/api/v1/feedback/{piece.pk}/files/", sent)
    assert answer.status_code == 400 and not Attachment.objects.exists() and not kept()


def test_the_api_adds_and_removes(client_of, owner, say, django_capture_on_commit_callbacks):
    piece, client = say(), client_of(owner)
    document = office("[Content_Types].xml", "word/document.xml")
    for _ in range(2):  # the same file twice is there once
        answer = client.post(f"/api/v1/feedback/{piece.pk}/files/", {"file": SimpleUploadedFile("x.docx", document)})
        assert (answer.status_code, answer.json()["kind"]) == (201, "Word document")
    url = f"/api/v1/feedback/{piece.pk}/files/{answer.json()['id']}/"
    assert len(kept()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(url).status_code == 204
    assert client.delete(url).status_code == 404 and not kept()


def test_files_go_with_the_piece_and_with_the_person(people, say, owner, django_capture_on_commit_callbacks):
    attach_file(say(person="ann"), "x.png", PNG, actor=owner)
    attach_file(say("Other words", person="bob"), "y.png", PNG, actor=owner)
    with django_capture_on_commit_callbacks(execute=True):
        space = default_id_space(people.source.product)
        assert erase_person(space, ["ann"], owner) == {"pieces of feedback": 1, "files of feedback": 1}
    assert len(kept()) == 1
    Attachment.objects.all().delete()  # as by a deletion that died half-way
    assert sweep_files(timezone.now()) == 0
    assert sweep_files(timezone.now() + timezone.timedelta(days=2)) == 1 and not kept()
