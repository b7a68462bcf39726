"""The command that loads quarantined rows again: what it takes, what it leaves, and what its exit code says."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from insights.capture.flushing import flush_inbox
from insights.events.public import Batch, QuarantinedRow, Source, update_source
from insights.sources import actions
from insights.sources.mapping import parse_mapping
from insights.sources.tasks import run_load
from portal.people.public import SYSTEM
from tests.factories import make_source

pytestmark = pytest.mark.django_db(transaction=True)
DAY_FIRST = b"who,at,what\nann,31.01.2024,opened\nbob,01.02.2024,closed\n,02.02.2024,closed\n"
ISO = {"who": "who", "when": "at", "what": "what"}


@pytest.fixture
def source(product, owner):
    source = make_source(product)
    upload = actions.store_upload(source, "x.csv", [DAY_FIRST], actor=owner)
    actions.map_upload(upload, parse_mapping(ISO), actor=owner)
    run_load(actions.load_upload(upload, actor=owner).pk)
    assert QuarantinedRow.objects.filter(state="open").count() == 3
    return Source.objects.get(pk=source.pk)


def mend(source):
    update_source(source, actor=SYSTEM, mapping=parse_mapping({**ISO, "time_format": "%d.%m.%Y"}).to_json())


def test_rows_are_taken_once_the_mapping_is_mended(source, capsys):
    mend(source)
    with pytest.raises(SystemExit) as end:
        call_command("replay_quarantine", "--source", source.slug)
    assert end.value.code == 3
    assert "2 taken, 1 still wrong, 0 cannot be replayed." in capsys.readouterr().out
    row = QuarantinedRow.objects.get(state="open")
    assert (row.reason_code, row.raw) == ("no_person", ",02.02.2024,closed")
    assert Batch.objects.get(kind="replay").n_accepted == 2


def test_all_taken_is_exit_code_zero_and_a_second_run_has_nothing_to_do(source, capsys):
    mend(source)
    QuarantinedRow.objects.filter(raw__startswith=",").update(state="dismissed")
    call_command("replay_quarantine", "--reason", "bad_time")
    assert "2 taken, 0 still wrong" in capsys.readouterr().out
    call_command("replay_quarantine")
    assert "0 taken, 0 still wrong" in capsys.readouterr().out
    assert Batch.objects.count() == 2


def test_dry_run_only_counts(source, capsys):
    QuarantinedRow.objects.filter(item_no=2).update(raw="cut… [9 more characters were cut]")
    call_command("replay_quarantine", "--batch", str(Batch.objects.get().pk), "--dry-run")
    assert "2 rows would be loaded again, 1 cannot be." in capsys.readouterr().out
    assert Batch.objects.count() == 1


def test_unknown_source_and_reason_are_said(source):
    with pytest.raises(CommandError, match="no source “nowhere”"):
        call_command("replay_quarantine", "--source", "nowhere")


def test_paused_source_is_left_and_said(source, capsys):
    Source.objects.filter(pk=source.pk).update(state="paused")
    with pytest.raises(SystemExit):
        call_command("replay_quarantine")
    assert "3 cannot be replayed" in capsys.readouterr().out
    assert QuarantinedRow.objects.filter(state="open").count() == 3


def test_items_of_the_capture_api_go_by_the_inbox(product, capsys):
    source = make_source(product, name="App", kind="api")
    batch = Batch.objects.create(source=source, kind="api", state="done", n_read=1, n_quarantined=1)
    raw = json.dumps({"type": "track", "event": "opened", "userId": "ann", "timestamp": "2024-01-01T00:00:00Z"})
    fields = {"batch": batch, "source": source, "item_no": 1, "reason_code": "no_person", "reason": "It says not who."}
    QuarantinedRow.objects.create(raw=raw, **fields)
    call_command("replay_quarantine")
    assert "1 of the capture API go in with the next flush" in capsys.readouterr().out
    assert flush_inbox().n_accepted == 1


def test_item_of_the_capture_api_is_replayed_by_the_api(product, owner, client_of):
    source = make_source(product, name="App", kind="api")
    batch = Batch.objects.create(source=source, kind="api", state="done", n_read=1, n_quarantined=1)
    fields = {"batch": batch, "source": source, "item_no": 1, "reason_code": "no_person", "reason": "It says not who."}
    row = QuarantinedRow.objects.create(raw="{}", **fields)
    item = {"type": "track", "event": "opened", "userId": "ann", "timestamp": "2024-01-01T00:00:00Z"}
    url = reverse("api:quarantined-row-replay", args=[row.pk])
    answer = client_of(owner).post(url, json.dumps({"raw": json.dumps(item)}), content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (202, "replayed")
    assert flush_inbox().n_accepted == 1
