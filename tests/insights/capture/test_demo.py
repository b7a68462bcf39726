"""The demo company: the same every time, believable, and loaded once however often it is asked for."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from insights.capture.demo import seed, world
from insights.capture.demo.activity import DAY_US, PLANNER_EVENTS
from insights.catalogue.public import list_event_names, list_properties
from insights.events.public import Batch, Source, open_snapshot
from portal.people.public import Product, Team

END = date(2026, 11, 21)


@pytest.fixture(scope="module")
def years():
    return seed.make_years(20260, END)


def test_the_year_is_large_and_the_same_every_time(years):
    again = seed.make_years(20260, END)
    assert sum(len(year.activity.ts) + len(year.story.events) for year in years) >= 1_000_000
    for one, two in zip(years, again, strict=True):
        assert np.array_equal(one.activity.ts, two.activity.ts)
        assert one.story.events == two.story.events


def test_what_there_is_to_find_is_there(years):
    planner = years[0].activity
    day = planner.ts // DAY_US
    assert day.max() == world.N_DAYS - 1
    by_weekday = np.bincount([world.day_of(int(one), END).weekday() for one in range(world.N_DAYS)], minlength=7)
    weekday = np.array([world.day_of(one, END).weekday() for one in range(world.N_DAYS)])[day]
    per_day = np.bincount(weekday) / by_weekday
    assert per_day[5:].max() < 0.3 * per_day[:5].min()
    assert (day >= 335).sum() > 1.5 * (day < 30).sum()
    timeline = planner.event == PLANNER_EVENTS.index("timeline opened")
    assert day[timeline].min() >= world.RELEASE_DAY
    reports = planner.event == PLANNER_EVENTS.index("report opened")
    shares = [reports[part].mean() for part in (day < world.RELEASE_DAY, day >= world.RELEASE_DAY)]
    assert 1.2 < shares[1] / shares[0] < 1.45
    errors = np.bincount(day[planner.event == PLANNER_EVENTS.index("error shown")], minlength=world.N_DAYS)
    assert errors.argmax() == world.OUTAGE_DAY
    steps = years[0].people.steps[years[0].people.joined_on >= 0]
    kept = [(steps > step).sum() / (steps >= step).sum() for step in (1, 2, 3)]
    assert kept[2] < 0.5 < 0.7 < min(kept[:2])


def test_the_company_is_made_once(db, tmp_path, settings, monkeypatch):
    small = seed.make_years(20260, END)
    for year in small:
        n = 3000
        for name in ("person", "ts", "event", "released", "variant"):
            object.__setattr__(year.activity, name, getattr(year.activity, name)[-n:])
    monkeypatch.setattr(seed, "make_years", lambda *args: small)
    demo = SimpleNamespace(ends_on=END, seed=20260, users={})
    said = []
    for _ in range(2):
        seed.seed_teams(demo, lambda *words: said.append(words))
        seed.seed_events(demo, lambda *words: said.append(words))
        seed.seed_catalogue(demo, lambda *words: said.append(words))
    assert (Team.objects.count(), Product.objects.count(), Batch.objects.count()) == (4, 2, 2)
    assert max(done for done, total, *_ in said if total == 100) == 100
    batch = Batch.objects.get(source__slug="planner-app")
    assert batch.n_read == batch.n_accepted > 3000
    assert batch.n_joins > 2000
    source = Source.objects.get(slug="planner-app")
    with open_snapshot([source.pk], caller="test") as snapshot:
        assert snapshot.data_until.date() == END
    names = {info.name: info for info in list_event_names([source.pk])}
    assert names["signed up"].description
    assert set(world.ONBOARDING) <= set(names)
    traits = {info.name: info for info in list_properties([source.pk], of="person")}
    assert set(traits) == {"name", "email", "role", "country", "signed_up_via"}
    assert traits["email"].is_personal
    assert traits["email"].examples == ()
    assert "member" in traits["role"].examples
    events = {info.name: info for info in list_properties([source.pk], of="event", event="report opened")}
    assert events["load_ms"].types == ("number",)
