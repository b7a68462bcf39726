"""Every option of every kind of question, for people and for accounts alike, against the oracle on one world."""

import copy
import random
from datetime import timedelta

import pytest

from insights.questions.public import QUESTION_KINDS
from tests.insights.questions.oracle import World
from tests.insights.questions.test_oracle import check
from tests.insights.questions.worlds import MOMENTS, NAMES

COMMON = {
    "timezone": "Europe/Berlin",
    "week_start": "monday",
    "filters": [],
    "date_from": "2024-03-10",
    "date_to": "2024-03-31",
}
PLAN, TIER = {"property": "plan", "of": "person"}, {"property": "tier", "of": "account"}
CITY = {"property": "city", "of": "event"}
NESTED = [{"any": [{**CITY, "op": "is", "value": ["a"]}, {"all": [{**PLAN, "op": "is", "value": ["pro"]}]}]}]
# Of every kind: what narrows and cuts alike.
EVERYWHERE = {
    "as it is": {},
    "nested filters": {"filters": NESTED},
    "a person's trait": {"filters": [{**PLAN, "op": "is_not", "value": ["free"]}]},
    "an account's trait": {"filters": [{**TIER, "op": "is_set"}]},
    "another zone and week": {"timezone": "America/New_York", "week_start": "sunday"},
    "a filter of one event": {"spec_filters": NESTED},
}
BREAKDOWNS = {f"by {item['of']}": {"breakdown": [item]} for item in (PLAN, TIER, CITY)}
OPEN, SAVE = {"event": "open"}, {"event": "save"}
KINDS = {
    "trend": {"series": [{**OPEN, "measure": "persons"}], "interval": "day", "breakdown": []},
    "funnel": {
        "steps": [OPEN, SAVE, {"event": "share"}],
        "order": "ordered",
        "window": {"value": 5, "unit": "day"},
        "exclusions": [],
        "attribution": "first",
        "breakdown": [],
    },
    "retention": {
        "target": OPEN,
        "returning": SAVE,
        "mode": "recurring",
        "interval": "week",
        "intervals": 3,
        "unbounded": False,
        "minimum": 1,
        "rolling": False,
        "breakdown": [],
    },
    "stickiness": {"series": [OPEN], "interval": "day", "breakdown": []},
    "lifecycle": {"event": OPEN, "interval": "week"},
    "paths": {
        "start": OPEN,
        "steps": 4,
        "edges": 5,
        "repeats": False,
        "session_gap": {"value": 1, "unit": "day"},
    },
    "adoption": {"features": [{"name": "Saving", "events": [SAVE], "core": True}], "interval": "week"},
    "goes_with": {"target": OPEN, "returning": SAVE, "days": 3, "until": 9},
}
_OPTIONAL = [OPEN, {**SAVE, "optional": True}, {"event": "share"}]
OPTIONS = {
    "trend": {
        **BREAKDOWNS,
        "three properties": {"breakdown": [PLAN, TIER, CITY]},
        **{
            name: {"series": [{**OPEN, "measure": name}]}
            for name in ("total", "weekly_active", "monthly_active", "first_time", "per_person")
        },
        **{name: {"series": [{**OPEN, "measure": name, "property": "n"}]} for name in ("sum", "median", "p95")},
        "formula": {"series": [{**OPEN, "measure": "persons"}, {**SAVE, "measure": "total"}], "formula": "B / A"},
        "cumulative": {"cumulative": True},
        "moving average": {"moving_average": 3},
        "one number": {"interval": "all"},
    },
    "funnel": {
        **BREAKDOWNS,
        **{order: {"order": order} for order in ("strict", "any")},
        "excluding": {"exclusions": [{"event": "signed up", "filters": [], "after": 1, "before": 3}]},
        **{f"optional, {order}": {"steps": _OPTIONAL, "order": order} for order in ("ordered", "strict", "any")},
        **{f"by {touch}": {"breakdown": [CITY], "attribution": touch} for touch in ("last", "all", 2)},
        "over time": {"view": "trend", "interval": "week"},
        "time taken": {"view": "histogram"},
    },
    "retention": {
        **BREAKDOWNS,
        "first time": {"mode": "first_time"},
        "unbounded": {"unbounded": True},
        "minimum": {"minimum": 2},
        "rolling": {"rolling": True},
        "rolling by group": {"rolling": True, "breakdown": [CITY], "unbounded": True, "minimum": 2},
    },
    "stickiness": {**BREAKDOWNS, "by week": {"interval": "week"}},
    "lifecycle": {"by day": {"interval": "day"}, "by month": {"interval": "month"}},
    "paths": {"up to an end": {"start": None, "end": SAVE}, "repeats": {"repeats": True}},
    "adoption": {"by month": {"interval": "month"}},
    "goes_with": {"converting": {"returning": {"event": "share"}}, "other days": {"days": 1, "until": 30}},
}


def make_world():
    """Return a world with accounts, traits and a joined id, the same each time."""
    dice = random.Random(11)
    people, accounts, values = ("ann", "bob", "cem", "dee", "anon"), (None, "acme", "beta"), ("a", "b", None)
    events = [
        {
            "event": dice.choice(NAMES),
            "distinct_id": dice.choice(people),
            "timestamp": dice.choice(MOMENTS) + timedelta(minutes=number),
            "account_id": dice.choice(accounts),
            "properties": {"city": dice.choice(values), "n": dice.randrange(9)},
        }
        for number in range(90)
    ]
    given = [("person", "ann", "plan", "pro"), ("person", "bob", "plan", "free"), ("person", "cem", "$account", "acme")]
    given += [("account", "acme", "tier", "gold"), ("person", "dee", "$account", "gamma")]
    keys = ("subject", "subject_id", "key", "value")
    traits = [{**dict(zip(keys, one, strict=True)), "timestamp": MOMENTS[0]} for one in given]
    joins = [{"kind": "identify", "distinct_id": "anon", "person_id": "ann", "timestamp": MOMENTS[0]}]
    return World(events, traits, joins)


def ask_for(kind, unit, changes):
    """Return a question of a kind with an option; `spec_filters` are those of its first event."""
    value = copy.deepcopy({"kind": kind, "unit": unit, **COMMON, **KINDS[kind], **changes})
    filters = value.pop("spec_filters", None)
    if filters:
        spec = value
        for key in SPEC_AT[kind]:
            spec = spec[key]
        spec["filters"] = filters
    return {key: item for key, item in value.items() if item is not None}


SPEC_AT = {
    "trend": ("series", 0),
    "funnel": ("steps", 0),
    "retention": ("target",),
    "stickiness": ("series", 0),
    "lifecycle": ("event",),
    "paths": ("start",),
    "adoption": ("features", 0, "events", 0),
    "goes_with": ("target",),
}


@pytest.mark.parametrize("unit", ["person", "account"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_option_of_a_kind_equals_the_oracle_for_people_and_accounts(kind, unit, team):
    check(make_world(), [ask_for(kind, unit, changes) for changes in (EVERYWHERE | OPTIONS[kind]).values()], team)


def test_every_kind_is_in_the_table():
    assert set(KINDS) == set(OPTIONS) == set(SPEC_AT) == set(QUESTION_KINDS)
