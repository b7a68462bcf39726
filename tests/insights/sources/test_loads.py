"""Files are loaded by the real path: nothing doubles, nothing is lost, a dead load is run again."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from insights.catalogue.public import list_event_names
from insights.catalogue.tasks import refresh_catalogue
from insights.events.public import Batch, QuarantinedRow, Source, open_snapshot
from insights.sources import actions, loads
from insights.sources.mapping import parse_mapping
from insights.sources.models import Upload
from insights.sources.replay import fault_of, replay_rows
from insights.sources.tasks import run_load, sweep_loads
from portal.operations.models import OutboxMessage
from portal.operations.public import MOST_ATTEMPTS, claim
from tests.factories import make_source, store_faults
from tests.killed_workers import kill_at

pytestmark = pytest.mark.django_db(transaction=True)
CSV = b"who,at,what,plan\nann,2024-01-01,opened,pro\nbob,2024-01-02,closed,\nann,2024-01-01,opened,pro\n"
WORKER = Path(__file__).with_name("load_worker.py")
MAPPING = {"who": "who", "when": "at", "what": "what"}


@pytest.fixture
def source(product):
    return make_source(product)


def load(source, data, actor, mapping=MAPPING, name="file.csv"):
    upload = actions.store_upload(source, name, [data], actor=actor)
    if mapping:
        actions.map_upload(upload, parse_mapping(mapping), actor=actor)
    batch = actions.load_upload(Upload.objects.get(pk=upload.pk), actor=actor)
    run_load(batch.pk)
    batch.refresh_from_db()
    return batch


def counts(batch):
    assert batch.state == "done", batch.error
    return batch.n_read, batch.n_accepted, batch.n_duplicates, batch.n_quarantined


def properties(source):
    with open_snapshot([source.pk], caller="test") as snapshot:
        rows = snapshot.execute("SELECT ts, properties::JSON::VARCHAR FROM {events} ORDER BY ts").tuples
    return [(ts, json.loads(text) if text else None) for ts, text in rows]


def test_file_is_loaded_once_however_often_it_comes(source, owner):
    assert counts(load(source, CSV, owner)) == (3, 3, 0, 0)
    assert counts(load(source, CSV, owner)) == (3, 0, 3, 0)
    day = dt.datetime(2024, 1, 1)
    assert properties(source) == [(day, {"plan": "pro"}), (day, {"plan": "pro"}), (dt.datetime(2024, 1, 2), None)]


def test_careful_and_fast_reading_give_the_same_identity(source, owner):
    load(source, CSV, owner)
    assert counts(load(source, CSV + b"\nbroken\n", owner)) == (4, 0, 3, 1)


def test_names_of_a_load_and_of_an_undo_are_known_at_once(source, owner):
    def deliver():
        for message in OutboxMessage.objects.filter(task="catalogue.refresh_catalogue", done_at=None):
            refresh_catalogue(**message.arguments)
            message.delete()
        return {one.name for one in list_event_names([source.pk])}

    load(source, CSV, owner)
    assert deliver() == {"opened", "closed"}
    second = load(source, b"who,at,what\ncyd,2024-01-03,signed up\n", owner)
    assert deliver() == {"opened", "closed", "signed up"}
    actions.undo_load(second, actor=owner)
    assert deliver() == {"opened", "closed"}


def test_mapping_is_remembered_on_the_source(source, owner):
    load(source, CSV, owner)
    source.refresh_from_db()
    assert source.mapping["who"] == "who"


def test_standard_columns_need_no_mapping(source, owner):
    data = (
        b'{"event": "a", "distinct_id": "x", "timestamp": "2024-01-01T00:00:00Z", "properties": {"n": 1}, "extra": 2}\n'
    )
    assert counts(load(source, data, owner, mapping=None, name="e.jsonl")) == (1, 1, 0, 0)
    assert properties(source)[0][1] == {"n": 1, "extra": 2}


def test_load_that_nobody_mapped_says_what_to_do(source, owner):
    batch = load(source, CSV, owner, mapping=None)
    assert batch.state == "failed"
    assert "Look at its columns first" in batch.error


def test_bad_rows_are_quarantined_with_text_and_place(source, owner):
    batch = load(source, b"who,at,what\n,2024-01-01,a\nann,soon,a\nann,2024-01-01,\nonly\nann,2024-01-01,a\n", owner)
    assert counts(batch) == (5, 1, 0, 4)
    rows = QuarantinedRow.objects.order_by("item_no").values_list("item_no", "raw", "reason_code")
    assert list(rows) == [
        (2, ",2024-01-01,a", "no_person"),
        (3, "ann,soon,a", "bad_time"),
        (4, "ann,2024-01-01,", "no_name"),
        (5, "only", "wrong_columns"),
    ]


def test_corrected_row_is_loaded(source, owner):
    load(source, b"who,at,what\nann,soon,a\nonly\n", owner)
    time, only = QuarantinedRow.objects.order_by("item_no")
    assert "not a time" in fault_of(time, time.raw)
    assert fault_of(time, "ann,2024-01-05,a") == ""
    replay = replay_rows([time, only], actor=owner, texts={time.pk: "ann,2024-01-05,a"})
    assert not replay.refused
    run_load(replay.batches[0].pk)
    batch = Batch.objects.get(pk=replay.batches[0].pk)
    assert counts(batch) == (2, 1, 0, 1)
    assert QuarantinedRow.objects.filter(state="open").get().raw == "only"
    assert replay_rows([time], actor=owner).refused


def test_viewer_may_not_load(source, viewer):
    from portal.shell.public import NotAllowed

    with pytest.raises(NotAllowed):
        actions.store_upload(source, "f.csv", [CSV], actor=viewer)


def test_dry_run_stores_nothing(source, owner):
    load(source, CSV, owner)
    upload = actions.store_upload(source, "f.csv", [CSV + b"cyd,2024-01-09,opened,\nx\n"], actor=owner)
    actions.map_upload(upload, parse_mapping(MAPPING), actor=owner)
    actions.try_upload(upload, actor=owner)
    loads.run_trial(upload.pk)
    upload.refresh_from_db()
    assert upload.trial == {"n_read": 5, "n_accepted": 1, "n_duplicates": 3, "n_quarantined": 1, "n_conflicts": 0}
    assert Batch.objects.count() == 1


def waiting_load(source, actor):
    upload = actions.store_upload(source, "f.csv", [CSV], actor=actor)
    actions.map_upload(upload, parse_mapping(MAPPING), actor=actor)
    return actions.load_upload(upload, actor=actor)


def die(batch):
    """Make a running load look as if its worker had died a while ago."""
    Batch.objects.filter(pk=batch.pk).update(heartbeat_at=timezone.now() - dt.timedelta(seconds=61))


def test_dead_load_is_run_again_once(source, owner):
    batch = waiting_load(source, owner)
    assert claim(Batch.objects.all(), batch.pk) is not None
    assert claim(Batch.objects.all(), batch.pk) is None
    assert loads.requeue_dead_loads() == ([], [])
    die(batch)
    assert loads.requeue_dead_loads() == ([batch.pk], [])
    assert loads.requeue_dead_loads() == ([], [])
    run_load(batch.pk)
    run_load(batch.pk)
    batch.refresh_from_db()
    assert counts(batch) == (3, 3, 0, 0)


@pytest.mark.long
def test_load_killed_before_each_step_is_whole_after_it_is_run_again(source, owner):
    batch, said, n_steps = waiting_load(source, owner), [], 0
    while "over" not in said:
        n_steps += 1
        said = kill_at(WORKER, batch.pk, n_steps)
        batch.refresh_from_db()
        if "over" not in said:
            assert (batch.state, batch.n_attempts, properties(source)) == ("running", 1, [])
            # Always as if for the first time: after some deaths the load would be given up.
            Batch.objects.filter(pk=batch.pk).update(n_attempts=0)
            die(batch)
            assert loads.requeue_dead_loads() == ([batch.pk], [])
    assert n_steps > 6, said
    assert counts(batch) == (3, 3, 0, 0)
    assert len(properties(source)) == 3
    assert store_faults() == []


@pytest.mark.long
def test_load_that_no_worker_survives_has_failed_and_can_be_loaded_again(source, owner):
    batch = waiting_load(source, owner)
    for n in range(1, MOST_ATTEMPTS + 1):
        assert kill_at(WORKER, batch.pk, 5)[-1] != "over"
        die(batch)
        sweep_loads()
        batch.refresh_from_db()
        assert (batch.state, batch.n_attempts) == ("failed" if n == MOST_ATTEMPTS else "waiting", n)
    assert f"ended {MOST_ATTEMPTS} times" in batch.error
    assert "Cut the file into smaller ones" in batch.error
    assert (batch.is_over, batch.n_read, properties(source)) == (True, 0, [])
    sweep_loads()
    n_asked = 1 + MOST_ATTEMPTS - 1
    assert OutboxMessage.objects.filter(task="sources.run_load", arguments={"batch_id": batch.pk}).count() == n_asked
    again = actions.load_again(batch, actor=owner)
    run_load(again.pk)
    again.refresh_from_db()
    assert counts(again) == (3, 3, 0, 0)


def test_rows_of_a_replay_that_no_worker_survives_are_open_again(source, owner):
    load(source, b"who,at,what\nann,soon,a\n", owner)
    row = QuarantinedRow.objects.get()
    batch = replay_rows([row], actor=owner, texts={row.pk: "ann,2024-01-05,a"}).batches[0]
    Batch.objects.filter(pk=batch.pk).update(n_attempts=MOST_ATTEMPTS - 1)
    assert claim(Batch.objects.all(), batch.pk)
    die(batch)
    sweep_loads()
    row.refresh_from_db()
    assert (row.state, row.replayed_in) == ("open", None)


def test_load_that_is_another_workers_by_now_stores_nothing(source, owner):
    batch = waiting_load(source, owner)

    def lose(step, n_done, n_total):
        if step == "Writing parts":
            Batch.objects.filter(pk=batch.pk).update(n_attempts=2)

    loads.run_load(batch.pk, report=lose)
    batch.refresh_from_db()
    assert (batch.state, batch.error, properties(source)) == ("running", "", [])


def test_dry_run_that_no_worker_survives_has_failed_until_it_is_asked_again(source, owner):
    upload = actions.store_upload(source, "f.csv", [CSV], actor=owner)
    actions.map_upload(upload, parse_mapping(MAPPING), actor=owner)
    actions.try_upload(upload, actor=owner)
    for n in range(1, MOST_ATTEMPTS + 1):
        assert claim(Upload.objects.all(), upload.pk, prefix="trial_")
        Upload.objects.filter(pk=upload.pk).update(trial_heartbeat_at=timezone.now() - dt.timedelta(seconds=61))
        assert loads.requeue_dead_trials() == ([upload.pk] if n < MOST_ATTEMPTS else [])
    upload.refresh_from_db()
    assert (upload.trial_state, f"ended {MOST_ATTEMPTS} times" in upload.trial_error) == ("failed", True)
    actions.try_upload(upload, actor=owner)
    loads.run_trial(upload.pk)
    upload.refresh_from_db()
    assert (upload.trial_state, upload.trial_n_attempts) == ("done", 1)


def test_cancelled_load_stores_nothing(source, owner):
    upload = actions.store_upload(source, "f.csv", [CSV], actor=owner)
    actions.map_upload(upload, parse_mapping(MAPPING), actor=owner)
    batch = actions.load_upload(upload, actor=owner)
    Batch.objects.filter(pk=batch.pk).update(cancel_requested_at=timezone.now())
    run_load(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.n_read) == ("cancelled", 0)
    assert properties(source) == []


def test_pressing_load_twice_starts_one_load(source, owner):
    upload = actions.store_upload(source, "f.csv", [CSV], actor=owner)
    actions.map_upload(upload, parse_mapping(MAPPING), actor=owner)
    first, second = actions.load_upload(upload, actor=owner), actions.load_upload(upload, actor=owner)
    assert first == second


def test_ingest_command_makes_the_source_and_counts(product, tmp_path, capsys):
    path = tmp_path / "buys.csv"
    path.write_text("customer_id,date,amount\n007,1997-01-01,12.00\n007,1997-01-01,12.00\n")
    arguments = ["ingest", str(path), "--source", "Shop", "--product", product.slug]
    arguments += ["--map", "who=customer_id,when=date", "--event-name", "purchase"]
    call_command(*arguments, "--dry-run")
    assert "2 new" in capsys.readouterr().out
    assert not Source.objects.filter(name="Shop").exists()
    call_command(*arguments)
    call_command("ingest", str(path), "--source", "shop")
    assert "0 new, 2 already here" in capsys.readouterr().out
    assert [value for _, value in properties(Source.objects.get(name="Shop"))] == [{"amount": 12.0}] * 2


def test_ingest_command_is_honest_about_failure(product, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="no source"):
        call_command("ingest", str(path), "--source", "Nowhere")
    with pytest.raises(CommandError, match="Look at its columns"):
        call_command("ingest", str(path), "--source", "New", "--product", product.slug)
    with pytest.raises(SystemExit) as end:
        call_command("ingest", str(path), "--source", "New", "--map", "who=a,when=b", "--event-name", "x")
    assert end.value.code == 3
