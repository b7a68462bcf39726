"""Files of the store: merged, swept, verified, exported; whole or absent after any death."""

import io
import json
import os
import time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from insights.events import ingest, parts
from insights.events.compaction import choose_parts, compact, crowded, sweep_files
from insights.events.engine import store_dir
from insights.events.manifest import files_kept, removal_age
from insights.events.models import Batch, Change, Manifest, Part, QuarantinedRow
from insights.events.parts import path_of
from insights.events.public import changed_since, commit_staged, current_version, open_snapshot, start_batch
from insights.events.verify import verify_store
from portal.people.public import SYSTEM
from tests.factories import stage_events, store_events, store_faults


def live(kind="events"):
    return Part.objects.filter(kind=kind, removed_version=None)


def test_a_crowded_month_is_merged_and_answers_stay_the_same(source, event, read):
    for n in range(6):
        trait = {"subject_id": f"p{n}", "key": "n", "value": n, "timestamp": "2024-01-01", "item_no": 99}
        store_events(source, [event(who=f"p{n}", properties={"n": n}), event("closed", f"p{n}", 2)], traits=[trait])
    sql = "SELECT event_code, distinct_no, ts, properties::JSON::VARCHAR AS p FROM {events} ORDER BY ALL"
    before, version = read(source, sql), current_version([source.pk])
    with open_snapshot([source.pk], caller="test") as old:
        assert [(c.kind, c.n_parts) for c in crowded(5)] == [("events", 6), ("traits", 6)]
        assert compact(5) == 12
        sweep_files()
        assert old.execute(sql).tuples == before, "files of a version that is being read stay"
    assert (live().count(), live("first_seen").count(), live("traits").count()) == (1, 1, 1)
    assert read(source, sql) == before
    assert not changed_since([source.pk], version)
    assert store_faults() == []


def test_parts_have_the_layout_that_questions_need(source, event):
    store_events(source, [event(name, f"p{d}", d) for name in ("b", "a", "c") for d in (3, 1, 2)])
    import duckdb

    path = str(path_of(live().get()))
    with duckdb.connect() as duck:
        rows = duck.execute("SELECT event_code, ts FROM read_parquet($f)", {"f": path}).fetchall()
        assert rows == sorted(rows)
        meta = duck.execute("SELECT DISTINCT compression FROM parquet_metadata($f)", {"f": path}).fetchall()
        assert meta == [("ZSTD",)]


def test_merging_rewrites_small_parts_and_spares_a_giant():
    def some(*sizes):
        return [Part(pk=place, n_rows=size) for place, size in enumerate(sizes)]

    chosen = choose_parts(some(1_000_000, *[10] * 21))
    assert sum(part.n_rows for part in chosen) == 210
    assert len(choose_parts(some(*[100] * 21))) == 21
    assert len(choose_parts(some(*[1000 * 5**n for n in range(21)]))) >= 17


def test_the_sweep_removes_replaced_files_only_when_no_reader_can_need_them(source, event):
    for n in range(3):
        store_events(source, [event(who=f"p{n}")])
    old = [path_of(part) for part in live()]
    compact(1)
    later = timezone.now() + removal_age() * 2
    assert sweep_files().n_replaced == 0
    assert all(path.exists() for path in old)
    assert sweep_files(later).n_replaced == 6
    assert not any(path.exists() for path in old)
    assert live().count() == 1


def test_the_sweep_removes_files_that_no_version_names(source, event):
    store_events(source, [event()])
    orphan = store_dir() / "1" / "2024-01" / "events-lost.parquet"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"x")
    sweep_files()
    assert orphan.exists(), "it may belong to a load that is about to commit"
    old = time.time() - removal_age().total_seconds() - 5
    os.utime(orphan, (old, old))
    assert any("events-lost" in fault for fault in verify_store())
    sweep_files()
    assert not orphan.exists()


@pytest.mark.parametrize("damage", ["missing", "cut", "flipped", "stray row"])
def test_verify_names_a_damaged_file(source, event, damage):
    store_events(source, [event(day=d) for d in range(1, 9)])
    part = live().get()
    path = path_of(part)
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(content[:-10])
    elif damage == "flipped":
        path.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
    else:
        Part.objects.filter(pk=part.pk).update(n_rows=9)
    assert any(part.path in fault for fault in store_faults())
    with pytest.raises(CommandError):
        call_command("verify_store", verbosity=0)


def test_verify_names_a_batch_whose_rows_are_not_there(source, event, capsys):
    batch = store_events(source, [event(), event(day=2)])
    call_command("verify_store", "--quick", verbosity=0)
    assert "agrees" in capsys.readouterr().out
    Batch.objects.filter(pk=batch.pk).update(n_accepted=1, n_duplicates=1)
    assert store_faults() == [f"Batch {batch.pk}: 2 rows are stored, 1 should be."]


def test_export_writes_every_event_as_a_line(source, event, tmp_path):
    properties = {"ü": [1, None, {"a": "b\n"}], "big": 9007199254740993}
    joins = [{"kind": "identify", "distinct_id": "anon", "person_id": "ann", "timestamp": "2024-01-05"}]
    store_events(
        source,
        [event(event_id="e1", properties=properties, account_id="acme"), event("closed", "anon", 3)],
        joins=joins,
    )
    target = tmp_path / "events.jsonl"
    call_command("export_events", source=[source.slug], output=target, stderr=io.StringIO())
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert {line.pop("received_at")[:2] for line in lines} == {"20"}
    assert sorted(lines, key=lambda line: line["timestamp"]) == [
        {
            "event_id": "e1",
            "source": source.slug,
            "event": "opened",
            "distinct_id": "ann",
            "person_id": "ann",
            "account_id": "acme",
            "timestamp": "2024-01-01T10:00:00Z",
            "properties": properties,
        },
        {
            "event_id": None,
            "source": source.slug,
            "event": "closed",
            "distinct_id": "anon",
            "person_id": "ann",
            "account_id": None,
            "timestamp": "2024-01-03T10:00:00Z",
            "properties": None,
        },
    ]
    with pytest.raises(CommandError):
        call_command("export_events", output=target)
    with pytest.raises(CommandError):
        call_command("export_events", source=["nowhere"])


class Died(Exception):
    """Stands for the death of the process."""


_STEPS = [
    (ingest, "find_dropped"),
    (ingest, "number_texts"),
    (parts.PartWriter, "_write"),
    (parts.PartWriter, "_keep"),
    (ingest, "quarantine_rows"),
    (ingest, "apply_plan"),
    (ingest, "publish"),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("owner", "name"), _STEPS, ids=[name for _, name in _STEPS])
def test_a_load_that_dies_at_any_step_leaves_nothing_and_runs_again(
    source, event, tmp_path, monkeypatch, read, owner, name, when
):
    store_events(source, [event(day=1)])
    joins = [{"kind": "identify", "distinct_id": "anon", "person_id": "ann", "timestamp": "2024-01-05"}]
    stage_events(tmp_path, [event(day=day) for day in (1, 2, 3)] + [event(who="")], joins=joins)
    batch = start_batch(source, "upload", actor=SYSTEM)
    state = (Manifest.objects.count(), Change.objects.count(), Part.objects.count(), QuarantinedRow.objects.count())
    real = getattr(owner, name)

    def die(*args, **kwargs):
        if when == "after":
            real(*args, **kwargs)
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, die)
        with pytest.raises(Died):
            commit_staged(batch, tmp_path)
    assert state == (
        Manifest.objects.count(),
        Change.objects.count(),
        Part.objects.count(),
        QuarantinedRow.objects.count(),
    )
    assert len(read(source)) == 1
    counts = commit_staged(batch, tmp_path)
    assert (counts.n_read, counts.n_accepted, counts.n_duplicates, counts.n_quarantined) == (4, 2, 1, 1)
    assert len(read(source)) == 3


def test_also_is_part_of_the_transaction(source, event, tmp_path, read):
    stage_events(tmp_path, [event()])
    batch = start_batch(source, "upload", actor=SYSTEM)

    def fail():
        raise Died

    with pytest.raises(Died):
        commit_staged(batch, tmp_path, also=fail)
    assert read(source) == []
    commit_staged(batch, tmp_path, also=lambda: Batch.objects.filter(pk=batch.pk).update(file_name="seen"))
    batch.refresh_from_db()
    assert batch.file_name == "seen"


def test_a_finished_batch_is_never_stored_again(source, event, tmp_path):
    from portal.shell.public import Conflict

    stage_events(tmp_path, [event()])
    batch = start_batch(source, "upload", actor=SYSTEM)
    commit_staged(batch, tmp_path)
    stage_events(tmp_path, [event(day=9)])
    with pytest.raises(Conflict):
        commit_staged(batch, tmp_path)


def test_long_reads_keep_all_files(source, event):
    store_events(source, [event()])
    store_events(source, [event(day=2)])
    compact(1)
    with files_kept():
        assert live().count() == 1


def test_a_month_that_cannot_be_written_takes_the_others_with_it(source, event, tmp_path, monkeypatch):
    stage_events(tmp_path, [event(timestamp=f"2024-{month:02d}-01T10:00:00Z") for month in range(1, 7)])
    batch = start_batch(source, "upload", actor=SYSTEM)
    real, months = parts.PartWriter.write_events, []
    files_before = set(store_dir().glob("*/*/*.parquet"))

    def write_but_the_fourth(self, sql, params, source_id, month):
        months.append(month)
        if month.month == 4:
            raise Died
        return real(self, sql, params, source_id, month)

    monkeypatch.setattr(parts.PartWriter, "write_events", write_but_the_fourth)
    with pytest.raises(Died):
        commit_staged(batch, tmp_path)
    assert len(months) > 1
    assert set(store_dir().glob("*/*/*.parquet")) == files_before
    assert not Part.objects.exists()
