"""Files of loads are kept for some days, longer while something needs them, and the page says until when."""

import os
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from insights.events.public import Batch, QuarantinedRow, erase_person
from insights.sources import actions
from insights.sources.keeping import kept_of, remove_old_files
from insights.sources.mapping import parse_mapping
from insights.sources.models import Upload
from insights.sources.tasks import run_load
from insights.sources.uploads import path_of, store_stream
from portal.audit.models import AuditEntry
from portal.operations.public import claim
from portal.shell.public import Conflict
from tests.factories import make_source

pytestmark = pytest.mark.django_db(transaction=True)
CSV = b"who,at,what\nann,2024-01-01,opened\n,2024-01-02,closed\n"
MONTH = timedelta(days=31)


@pytest.fixture
def source(product, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return make_source(product)


@pytest.fixture
def batch(source, owner):
    upload = actions.store_upload(source, "x.csv", [CSV], actor=owner)
    actions.map_upload(upload, parse_mapping({"who": "who", "when": "at", "what": "what"}), actor=owner)
    return actions.load_upload(upload, actor=owner)


def age(name):
    os.utime(path_of(name), (time.time() - 3 * 86_400,) * 2)


def is_there(batch):
    return path_of(batch.file_path).is_file()


def test_file_goes_some_days_after_its_load_and_only_then(batch):
    run_load(batch.pk)
    age(batch.file_path)
    assert remove_old_files(timezone.now() + timedelta(days=29)) == 0
    assert remove_old_files(timezone.now() + MONTH) == 1
    assert remove_old_files(timezone.now() + MONTH) == 0
    assert not is_there(batch)
    assert AuditEntry.objects.filter(verb="file.removed", thing_id=str(batch.pk)).count() == 1


def test_number_of_days_is_a_setting(batch, settings):
    settings.UPLOAD_KEEP_DAYS = 2
    run_load(batch.pk)
    age(batch.file_path)
    assert remove_old_files(timezone.now() + timedelta(days=3)) == 1


def test_file_of_a_load_that_waits_or_runs_stays(batch):
    age(batch.file_path)
    assert remove_old_files(timezone.now() + MONTH) == 0
    claim(Batch.objects.all(), batch.pk)
    assert remove_old_files(timezone.now() + MONTH) == 0
    assert is_there(batch)


def test_loading_again_keeps_the_file_longer(batch, owner):
    run_load(batch.pk)
    age(batch.file_path)
    Batch.objects.filter(pk=batch.pk).update(finished_at=timezone.now() - timedelta(days=40))
    batch.refresh_from_db()
    actions.undo_load(batch, actor=owner)
    again = actions.load_again(batch, actor=owner)
    assert remove_old_files(timezone.now()) == 0
    run_load(again.pk)
    assert remove_old_files(timezone.now()) == 0
    assert is_there(batch)


def test_file_stays_while_a_row_in_quarantine_was_cut(batch):
    run_load(batch.pk)
    age(batch.file_path)
    row = QuarantinedRow.objects.filter(batch=batch)
    row.update(raw="a very long row… [5 more characters were cut]")
    assert kept_of(Batch.objects.get(pk=batch.pk)).until is None
    assert remove_old_files(timezone.now() + MONTH) == 0
    row.update(state="dismissed")
    assert remove_old_files(timezone.now() + MONTH) == 1


def test_upload_that_nobody_loaded_goes_too_and_its_page_says_so(source, owner, client_of):
    upload = actions.store_upload(source, "x.csv", [CSV], actor=owner)
    age(upload.path)
    Upload.objects.filter(pk=upload.pk).update(created_at=timezone.now() - MONTH)
    assert remove_old_files(timezone.now()) == 1
    page = client_of(owner).get(reverse("sources:upload-map", args=[upload.pk]))
    assert page.status_code == 422
    assert "files are kept for 30 days" in page.content.decode()


def test_file_that_nothing_names_goes_after_a_day_and_no_other_file_is_touched(source, tmp_path):
    old, new = store_stream([b"x"]), store_stream([b"x"])
    age(old.path)
    (tmp_path / "notes.txt").write_text("not ours")
    os.utime(tmp_path / "notes.txt", (0, 0))
    assert remove_old_files(timezone.now()) == 1
    assert not path_of(old.path).is_file()
    assert path_of(new.path).is_file()
    assert (tmp_path / "notes.txt").is_file()


def test_page_says_until_when_and_that_it_is_gone(batch, owner, client_of):
    run_load(batch.pk)
    client, url = client_of(owner), reverse("sources:batch-page", args=[batch.pk])
    batch.refresh_from_db()
    until = batch.finished_at + timedelta(days=30)
    assert f"Its file is kept until {until.day} {until:%b %Y}" in client.get(url).content.decode()
    actions.undo_load(batch, actor=owner)
    assert "Load the file again" in client.get(url).content.decode()
    age(batch.file_path)
    remove_old_files(timezone.now() + MONTH)
    page = client.get(url).content.decode()
    assert "is not kept any more" in page
    assert "Load the file again" not in page
    with pytest.raises(Conflict, match="Upload it again"):
        actions.load_again(batch, actor=owner)
    assert client.post(reverse("sources:batch-again", args=[batch.pk])).status_code == 409


def test_files_that_name_an_erased_person_go_at_once(batch, source, owner, admin_user):
    run_load(batch.pk)
    others = actions.store_upload(source, "y.csv", [CSV.replace(b"ann", b"bob")], actor=owner)
    actions.map_upload(others, parse_mapping({"who": "who", "when": "at", "what": "what"}), actor=owner)
    other = actions.load_upload(others, actor=owner)
    run_load(other.pk)
    batch.refresh_from_db()
    run_load(actions.load_again(batch, actor=owner).pk)
    erased = erase_person(source.id_space, "ann", actor=admin_user)
    assert erased["kept files"] == 1
    assert (is_there(batch), is_there(other)) == (False, True)
    assert AuditEntry.objects.filter(verb="file.removed", actor_id=admin_user.pk).count() == 1
    with pytest.raises(Conflict):
        actions.load_again(batch, actor=owner)
