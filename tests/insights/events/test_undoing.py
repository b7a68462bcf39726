"""Taking a batch back, and erasing a person."""

import io
import json

import pytest
from django.core.management import call_command

from insights.events.compaction import sweep_files
from insights.events.engine import store_dir
from insights.events.manifest import removal_age
from insights.events.models import Batch, DistinctId, Part, QuarantinedRow
from insights.events.public import add_to_inbox, changed_since, current_version, erase_person, undo_batch
from portal.audit.models import AuditEntry
from portal.people.public import SYSTEM
from portal.shell.public import Conflict, NotAllowed, NotFound
from tests.factories import make_source, store_events, store_faults


def test_undo_removes_what_the_batch_brought_first_and_names_what_to_reload(source, event, owner, read):
    first = store_events(source, [event(day=day) for day in range(1, 6)])
    second = store_events(source, [event(day=day) for day in range(4, 9)])
    assert second.n_duplicates == 2
    undone = undo_batch(first, actor=owner)
    assert (undone.n_events, [batch.pk for batch in undone.reload]) == (5, [second.pk])
    assert len(read(source)) == 3
    assert first.state == "undone"
    assert store_faults() == []
    again = store_events(source, [event(day=day) for day in range(4, 9)])
    assert again.n_accepted == 2
    assert AuditEntry.objects.filter(verb="batch.undone", thing_id=str(first.pk)).exists()


def test_undo_is_for_the_team_and_only_once(source, event, outsider):
    batch = store_events(source, [event()])
    with pytest.raises(NotAllowed):
        undo_batch(batch, actor=outsider)
    undo_batch(batch, actor=SYSTEM)
    with pytest.raises(Conflict):
        undo_batch(batch, actor=SYSTEM)


def test_undo_after_compaction_takes_the_same_rows(source, event, read):
    batches = [store_events(source, [event(who=f"p{n}", day=d) for d in (1, 2)]) for n in range(4)]
    call_command("compact", most_parts=1, stderr=io.StringIO())
    assert Part.objects.filter(kind="events", removed_version=None).count() == 1
    undo_batch(batches[2], actor=SYSTEM)
    assert len(read(source)) == 6
    assert store_faults() == []


def test_undo_takes_traits_back_and_dismisses_quarantined_rows(source, event, read):
    trait = {"subject_id": "ann", "key": "plan", "value": "pro", "timestamp": "2024-01-01"}
    rejects = [{"item_no": 9, "raw": "x", "reason_code": "bad", "reason": "Bad."}]
    batch = store_events(source, [event()], traits=[trait], rejects=rejects)
    version = current_version([source.pk])
    undo_batch(batch, actor=SYSTEM)
    assert read(source, "SELECT count(*) FROM {traits}") == [(0,)]
    assert QuarantinedRow.objects.get(batch=batch).state == "dismissed"
    assert changed_since([source.pk], version)


def test_erasure_leaves_no_trace_of_the_person(product, event, ops, owner, read):
    web, app = make_source(product, "Web"), make_source(product, "App")
    secret = "zelda-ida-77@example.com"
    joins = [{"kind": "identify", "distinct_id": "anon-zelda", "person_id": secret, "timestamp": "2024-01-05"}]
    traits = [{"subject_id": secret, "key": "name", "value": "Zelda Zufall", "timestamp": "2024-01-01", "item_no": 50}]
    rejects = [{"item_no": 60, "raw": f"x;{secret};bad", "reason_code": "bad_time", "reason": "Bad."}]
    batch = store_events(
        web,
        [event(who=secret, event_id="z1"), event(who="bob"), event(who="anon-zelda", day=3)],
        traits=traits,
        joins=joins,
        rejects=rejects,
    )
    store_events(app, [event(who=secret, day=9), event(who="not-" + secret, day=9)])
    with pytest.raises(NotAllowed):
        erase_person(web.id_space, secret, actor=owner)
    erased = erase_person(web.id_space, "anon-zelda", actor=ops)
    assert erased.items() >= {"events": 3, "traits": 1, "ids": 2, "mentions": 1}.items()
    assert len(read([web, app])) == 2
    assert store_faults() == []
    batch.refresh_from_db()
    assert (batch.n_accepted, batch.n_erased) == (3, 2)

    sweep_files(_later())
    assert sorted(DistinctId.objects.values_list("distinct_id", flat=True)) == ["bob", "not-" + secret]
    named = {store_dir() / path for path in Part.objects.values_list("path", flat=True)}
    assert all(b"anon-zelda" not in path.read_bytes() and b"Zufall" not in path.read_bytes() for path in named)
    trail = json.dumps(list(AuditEntry.objects.values_list("changes", "note", "thing_label")))
    assert secret not in trail
    assert QuarantinedRow.objects.get(batch=batch).raw == ""
    with pytest.raises(NotFound):
        erase_person(web.id_space, secret, actor=ops)


def test_erasure_waits_for_events_in_the_inbox(source, event, ops, monkeypatch):
    store_events(source, [event(who="ann")])
    add_to_inbox(source, b'{"distinct_id": "ann"}', n_items=1)
    monkeypatch.setattr("insights.events.erasure._PAUSE_S", 0)
    monkeypatch.setattr("insights.events.erasure._erase_elsewhere", lambda *arguments: {})
    with pytest.raises(Conflict):
        erase_person(source.id_space, "ann", actor=ops)


def test_erase_command_counts_before_it_erases(source, event, capsys, read):
    store_events(source, [event(who="ann"), event(who="bob")])
    call_command("erase_person", source.id_space.slug, "ann", "--dry-run")
    assert "Would erase 1 events" in capsys.readouterr().out
    assert len(read(source)) == 2
    call_command("erase_person", source.id_space.slug, "ann")
    assert len(read(source)) == 1
    assert Batch.objects.get().n_erased == 1


def _later():
    from django.utils import timezone

    return timezone.now() + removal_age() * 2
