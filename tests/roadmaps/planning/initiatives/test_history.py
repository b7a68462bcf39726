"""Initiatives are changed through one door, and each past day can be read."""

import datetime as dt

import pytest

from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Stale
from roadmaps.planning.initiatives.public import (
    InitiativeVersion,
    change_initiative,
    change_initiatives,
    create_initiative,
    delete_initiative,
    initiatives_on,
)

pytestmark = pytest.mark.django_db


def day(number, hour=12):
    return dt.datetime(2024, 1, number, hour, tzinfo=dt.UTC)


def shown_on(number, user=SYSTEM):
    return {(one.title, one.stage) for one in initiatives_on(dt.date(2024, 1, number), user)}


def test_roadmap_of_each_past_day_is_as_it_was(product, owner, outsider):
    guide = create_initiative(product, title="Guide", actor=owner, at=day(2))
    change_initiative(guide, actor=owner, changes={"stage": "building"}, why="Committed", at=day(5, 0))
    change_initiative(guide, actor=owner, changes={"stage": "done", "title": "A guide"}, at=day(9, 23))
    assert shown_on(1) == set()
    assert shown_on(2) == shown_on(4) == {("Guide", "discovery")}
    assert shown_on(5) == shown_on(8) == {("Guide", "building")}
    assert shown_on(9, outsider) == {("A guide", "done")}

    now_hidden = change_initiative(guide, actor=owner, changes={"visibility": "team"})
    assert shown_on(4, outsider) == set()  # what may not be read now may not be read as it was
    assert shown_on(4, owner) == {("Guide", "discovery")}

    delete_initiative(now_hidden, actor=owner)
    assert shown_on(5, owner) == {("Guide", "building")}
    assert InitiativeVersion.objects.filter(number=guide.pk, valid_to=None).count() == 0


def test_history_is_told_forwards_and_the_same_moment_holds_what_was_told_last(product, owner):
    guide = create_initiative(product, title="Guide", actor=owner, at=day(2))
    change_initiative(guide, actor=owner, changes={"stage": "building"}, at=day(2))
    assert shown_on(2) == {("Guide", "building")}
    with pytest.raises(BadInput):
        change_initiative(guide, actor=owner, changes={"stage": "done"}, at=day(1))
    with pytest.raises(BadInput):
        change_initiative(guide, actor=owner, changes={"stage": "done"}, at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    guide.refresh_from_db()
    assert guide.stage == "building"


def test_change_is_made_from_the_state_that_was_seen_or_not_at_all(product, owner, viewer, outsider):
    guide, sync = (create_initiative(product, title=title, actor=owner) for title in ("Guide", "Sync"))
    assert guide.position < sync.position
    changed = change_initiative(guide, actor=owner, changes={"horizon": "now"}, version=1)
    assert changed.version == 2
    with pytest.raises(Stale):
        change_initiative(guide, actor=owner, changes={"horizon": "next"}, version=1)
    same = change_initiative(guide, actor=owner, changes={"horizon": "now"}, version=2)
    assert same.version == 2
    assert [one.horizon for one in InitiativeVersion.objects.filter(number=guide.pk)] == ["later", "now"]
    with pytest.raises(BadInput) as fault:
        change_initiatives([guide, sync], actor=owner, changes={"ends_on": dt.date(2024, 1, 1), "effort_low": -1})
    assert "effort_low" in fault.value.fields
    both = change_initiatives([sync, guide], actor=owner, changes={"stage": "building"}, why="Go")
    assert [one.pk for one in both] == [sync.pk, guide.pk]
    assert InitiativeVersion.objects.filter(valid_to=None, stage="building", why="Go").count() == 2
