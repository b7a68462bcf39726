"""The catalogue reads what the store holds: counts by day, properties by type, what is new and what is gone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from insights.catalogue.actions import describe_event, describe_property
from insights.catalogue.models import CatalogueEvent, CatalogueProperty, EventDay, PropertyUse, Reading
from insights.catalogue.public import catch_up, list_event_names, list_properties, list_property_values, read_source
from insights.catalogue.reading import read_after_commit
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, NotAllowed
from tests import factories

DAY = datetime(2026, 10, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def source(product):
    return factories.make_source(product, "Web")


def row(event, who, day=0, **fields):
    return {"event": event, "distinct_id": who, "timestamp": DAY + timedelta(days=day), **fields}


ROWS = [
    row("opened", "a", 0, properties={"n": 1, "kind": "x", "email": "a@example.com"}),
    row("opened", "b", 0, properties={"n": 2.5, "kind": "y", "list": [1], "nothing": None}),
    row("opened", "a", 3, properties={"n": "many", "kind": "x", "deep": {"a": 1}, "yes": True}),
    row("closed", "a", 1, properties=None),
]
TRAITS = [
    {"subject": "person", "subject_id": "a", "key": "role", "value": "planner", "timestamp": DAY},
    {"subject": "person", "subject_id": "a", "key": "$account", "value": "acme", "timestamp": DAY},
    {"subject": "account", "subject_id": "acme", "key": "name", "value": "Acme", "timestamp": DAY},
]


def test_names_are_counted_by_day(source):
    factories.store_events(source, ROWS, traits=TRAITS)
    assert read_source(source.pk)
    found = [(info.name, info.n_events, info.last_seen_at) for info in list_event_names([source.pk])]
    assert found == [("opened", 3, DAY + timedelta(days=3)), ("closed", 1, DAY + timedelta(days=1))]
    days = EventDay.objects.filter(event__name="opened").values_list("day", "n_events")
    assert [(day.day, n) for day, n in days] == [(30, 2), (2, 1)]
    assert [info.name for info in list_event_names([source.pk], text="CLO")] == ["closed"]


def test_properties_have_types_and_examples_but_not_personal_ones(source):
    factories.store_events(source, ROWS, traits=TRAITS)
    read_source(source.pk)
    found = {(info.of, info.name): info for info in list_properties([source.pk])}
    assert found["event", "n"].types == ("number", "text")
    assert found["event", "n"].n_values == 3
    assert found["event", "n"].is_numeric
    assert {name: found["event", name].types for name in ("list", "nothing", "deep", "yes")} == {
        "list": ("list",),
        "nothing": (),
        "deep": ("object",),
        "yes": ("boolean",),
    }
    assert set(found["event", "kind"].examples) == {"x", "y"}
    assert found["event", "email"].is_personal
    assert found["event", "email"].examples == ()
    assert ("person", "$account") not in found
    assert found["person", "role"].examples == ("planner",)
    assert found["account", "name"].examples == ("Acme",)
    assert list_property_values([source.pk], "event", "kind", text="X") == ["x"]
    assert list_property_values([source.pk], "event", "email") == []
    assert not PropertyUse.objects.filter(examples__icontains="example.com").exists()


def test_reading_again_counts_only_what_changed_and_nothing_twice(source):
    factories.store_events(source, ROWS)
    assert read_source(source.pk)
    assert not read_source(source.pk)
    factories.store_events(source, [row("opened", "c", 3, properties={"n": 7}), row("new", "c", 20)])
    assert read_source(source.pk)
    assert {info.name: info.n_events for info in list_event_names([source.pk])} == {"opened": 4, "closed": 1, "new": 1}
    assert {info.name: info.n_values for info in list_properties([source.pk])}["n"] == 4
    before = list(EventDay.objects.values_list("event__name", "day", "n_events"))
    assert catch_up(is_full=True) == [source.pk]
    assert list(EventDay.objects.values_list("event__name", "day", "n_events")) == before
    assert {info.name: info.n_values for info in list_properties([source.pk])}["n"] == 4


def test_what_comes_with_the_first_reading_is_expected_and_later_names_are_not(source):
    factories.store_events(source, ROWS)
    read_source(source.pk)
    factories.store_events(source, [row("surprise", "c", 4), row("$identify", "c", 4)])
    read_source(source.pk)
    statuses = dict(CatalogueEvent.objects.values_list("name", "status"))
    assert statuses == {"opened": "expected", "closed": "expected", "surprise": "unexpected", "$identify": "expected"}


def test_a_commit_soon_after_a_reading_waits_and_is_caught_up_with(source):
    with time_machine.travel(DAY, tick=False) as clock:
        factories.store_events(source, ROWS)
        assert read_after_commit(source.pk)
        factories.store_events(source, [row("more", "c")])
        assert not read_after_commit(source.pk)
        Reading.objects.update(took_s=0)
        clock.shift(31)
        assert catch_up() == [source.pk]


def test_editors_of_the_team_describe_and_others_do_not(source, editor, viewer, outsider):
    factories.store_events(source, ROWS)
    read_source(source.pk)
    event = CatalogueEvent.objects.get(name="opened")
    describe_event(event, actor=editor, description="A report was opened.", status="retired", owner=editor)
    assert list_event_names([source.pk])[-1].name == "opened"
    for actor in (viewer, outsider):
        with pytest.raises(NotAllowed):
            describe_event(event, actor=actor, description="x")
    with pytest.raises(BadInput):
        describe_event(event, actor=editor, status="odd")


def test_marking_a_property_personal_forgets_its_examples(source):
    factories.store_events(source, ROWS)
    read_source(source.pk)
    kind = CatalogueProperty.objects.get(name="kind")
    describe_property(kind, actor=SYSTEM, is_personal=True)
    assert list_property_values([source.pk], "event", "kind") == []
    assert not PropertyUse.objects.filter(property=kind).exclude(examples=[]).exists()
    catch_up(is_full=True)
    assert not PropertyUse.objects.filter(property=kind).exclude(examples=[]).exists()
