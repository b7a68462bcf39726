"""Generated worlds and questions: few people, ties, joins, accounts, days on which clocks change, missing values."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.insights.questions.oracle import World

NAMES = ("open", "save", "share", "signed up")
PEOPLE = ("ann", "bob", "cem", "dee", "eva", "anon1", "anon2")
ACCOUNTS = (None, None, "acme", "beta")
# Both changes of the clocks in Berlin and New York lie in these days; hours make local days and UTC days differ.
_DAYS = [datetime(2024, 3, 8, tzinfo=UTC) + timedelta(days=day) for day in range(0, 30)]
_MINUTES = [0, 15, 60, 6 * 60 + 30, 7 * 60, 12 * 60, 22 * 60, 22 * 60 + 30, 23 * 60, 23 * 60 + 45]
MOMENTS = [day + timedelta(minutes=minute) for day in _DAYS for minute in _MINUTES]
_VALUES = st.sampled_from([None, "de", "fr", "De", 10, "10", 2.5, -3, True, False, 0, "2024-03-10"])
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")

_events = st.builds(
    lambda name, who, when, account, a, n, city: {
        "event": name,
        "distinct_id": who,
        "timestamp": when,
        "account_id": account,
        "properties": {"a": a, "city": city, **({} if n is None else {"n": n})},
    },
    st.sampled_from(NAMES),
    st.sampled_from(PEOPLE),
    st.one_of(st.sampled_from(MOMENTS), st.sampled_from(MOMENTS[100:130])),
    st.sampled_from(ACCOUNTS),
    _VALUES,
    st.one_of(st.none(), st.integers(-5, 50), st.sampled_from([0.5, 2.25, "7", "x", True])),
    st.one_of(st.none(), st.integers(0, 40).map(lambda n: f"city {n:02}")),
)
_traits = st.builds(
    lambda subject, who, key, value, when: {
        "subject": subject,
        "subject_id": who if subject == "person" else "acme",
        "key": key if subject == "person" else "tier",
        "value": ("acme" if when.day % 2 else "gamma") if subject == "person" and key == "$account" else value,
        "timestamp": when,
    },
    st.sampled_from(["person", "person", "account"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(["plan", "$account"]),
    _VALUES.filter(lambda value: value is not None),
    st.sampled_from(MOMENTS),
)
_joins = st.lists(
    st.builds(
        lambda anonymous, person: {
            "kind": "identify",
            "distinct_id": anonymous,
            "person_id": person,
            "timestamp": MOMENTS[0],
        },
        st.sampled_from(["anon1", "anon2"]),
        st.sampled_from(["ann", "bob"]),
    ),
    max_size=2,
    unique_by=lambda join: join["distinct_id"],
)
_cohorts = st.fixed_dictionaries(
    {
        "regulars": st.builds(lambda ids: {"unit": "person", "ids": ids}, st.sets(st.sampled_from(PEOPLE), max_size=5)),
        "payers": st.builds(
            lambda ids: {"unit": "account", "ids": ids}, st.sets(st.sampled_from(["acme", "beta", "gamma"]), max_size=2)
        ),
    }
)
worlds = st.builds(
    World,
    st.lists(_events, min_size=1, max_size=90),
    st.lists(_traits, max_size=6),
    _joins,
    _cohorts,
)

_plain_filters = st.one_of(
    st.fixed_dictionaries(
        {
            "property": st.sampled_from(["a", "n", "missing"]),
            "op": st.sampled_from(["is", "is_not"]),
            "value": st.one_of(
                st.sampled_from(["de", 10, True, "true", 2.5]), st.lists(st.sampled_from(["fr", "10", 0]), min_size=1)
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "property": st.sampled_from(["a", "city"]),
            "op": st.sampled_from(["contains", "not_contains", "matches"]),
            "value": st.sampled_from(["D", "1", "e$"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "property": st.sampled_from(["a", "n"]),
            "op": st.sampled_from(["gt", "gte", "lt", "lte"]),
            "value": st.sampled_from([0, 10, 2.5, "2024-01-01", "de"]),
        }
    ),
    st.fixed_dictionaries({"property": st.just("n"), "op": st.just("between"), "value": st.just([0, 10])}),
    st.fixed_dictionaries(
        {"property": st.sampled_from(["a", "n", "city"]), "op": st.sampled_from(["is_set", "is_not_set"])}
    ),
    st.fixed_dictionaries(
        {
            "property": st.just("plan"),
            "of": st.just("person"),
            "op": st.sampled_from(["is", "is_not", "gte"]),
            "value": st.sampled_from(["de", 10, 0]),
        }
    ),
    st.fixed_dictionaries(
        {
            "property": st.just("tier"),
            "of": st.just("account"),
            "op": st.sampled_from(["is", "is_not"]),
            "value": st.sampled_from(["de", "fr", 10]),
        }
    ),
    st.fixed_dictionaries(
        {
            "op": st.sampled_from(["in_cohort", "not_in_cohort"]),
            "value": st.sampled_from(["regulars", "payers", ["regulars", "payers"]]),
        }
    ),
)
_filters = st.lists(
    st.one_of(
        _plain_filters,
        st.builds(
            lambda mode, items: {mode: items},
            st.sampled_from(["any", "all"]),
            st.lists(_plain_filters, min_size=1, max_size=2),
        ),
    ),
    max_size=1,
)
_no_filters = st.just([])
_specs = st.fixed_dictionaries(
    {"event": st.sampled_from([*NAMES, None]), "filters": st.one_of(_no_filters, _no_filters, _filters)}
)
_breakdowns = st.one_of(
    st.just([]),
    st.just([]),
    st.sampled_from(
        [
            [{"property": "a", "of": "event"}],
            [{"property": "city", "of": "event"}],
            [{"property": "plan", "of": "person"}],
            [{"property": "tier", "of": "account"}],
            [{"property": "event", "of": "field"}],
            [{"property": "regulars", "of": "cohort"}],
            [{"property": "payers", "of": "cohort"}],
        ]
    ),
)
_several = st.sampled_from(
    [
        [{"property": "a", "of": "event"}, {"property": "city", "of": "event"}],
        [{"property": "event", "of": "field"}, {"property": "plan", "of": "person"}],
        [{"property": "regulars", "of": "cohort"}, {"property": "payers", "of": "cohort"}],
        [{"property": "tier", "of": "account"}, {"property": "a", "of": "event"}, {"property": "plan", "of": "person"}],
    ]
)
_MEASURES = ["total", "persons", "weekly_active", "monthly_active", "first_time", "per_person"]
_NUMBERS = ["sum", "avg", "min", "max", "median", "p75", "p90", "p95", "p99"]
_series = st.one_of(
    st.builds(lambda spec, measure: {**spec, "measure": measure}, _specs, st.sampled_from(_MEASURES)),
    st.builds(lambda spec, measure: {**spec, "measure": measure, "property": "n"}, _specs, st.sampled_from(_NUMBERS)),
)
_formulas = {
    1: ["A", "100 * A / (A + 1)", "-A", "2 - A * 0.5"],
    2: ["A / B", "B", "100 * A / (A + B)", "A - B - (B - 2) / A", "A * -B / 3"],
}
_ranges = st.sampled_from([("2024-03-10", "2024-03-31"), ("2024-03-30", "2024-04-08"), ("2024-03-15", "2024-03-15")])


def _common(draw):
    first, last = draw(_ranges)
    return {
        "unit": draw(st.sampled_from(["person", "person", "account"])),
        "timezone": draw(st.sampled_from(ZONES)),
        "week_start": draw(st.sampled_from(["monday", "sunday"])),
        "filters": draw(st.one_of(_no_filters, _filters)),
        "date_from": first,
        "date_to": last,
    }


@st.composite
def trends(draw, is_whole=False):
    """A trend of one or two series; `is_whole` with formulas, cumulative lines and moving averages."""
    interval = draw(st.sampled_from(["hour", "day", "day", "week", "month", "quarter", "year", "all"]))
    series = draw(st.lists(_series, min_size=1, max_size=2))
    for item in series:
        if interval == "hour" and item["measure"] in ("weekly_active", "monthly_active"):
            item["measure"] = "persons"
    value = {
        "kind": "trend",
        "series": series,
        "interval": interval,
        "breakdown": draw(st.one_of(_breakdowns, _several)),
        **_common(draw),
    }
    if is_whole:
        value["formula"] = draw(st.one_of(st.none(), st.sampled_from(_formulas[len(series)])))
        way = draw(st.sampled_from(["", "cumulative", "cumulative", "moving_average"]))
        if way == "moving_average" and interval != "all":
            value[way] = draw(st.sampled_from([2, 3, 7]))
        elif way == "cumulative" and not any(item["measure"].endswith("_active") for item in series):
            value[way] = True
    return value


@st.composite
def _exclusions(draw, required):
    if len(required) < 2:
        return []
    found = draw(st.lists(_specs, max_size=draw(st.sampled_from([0, 1, 2]))))
    numbers = st.lists(st.sampled_from(required), min_size=2, max_size=2, unique=True)
    places = [sorted(draw(numbers)) for _ in found]
    return [{**spec, "after": after, "before": before} for spec, (after, before) in zip(found, places, strict=True)]


_VIEWS = [{"view": "histogram"}, *({"view": "trend", "interval": each} for each in ("day", "week", "month"))]


@st.composite
def funnels(draw):
    """A funnel of one to four steps, some of them optional in half of the cases."""
    steps = draw(st.lists(_specs, min_size=1, max_size=4))
    if draw(st.booleans()):
        flags = [False, *(draw(st.booleans()) for _ in steps[1:])]
        steps = [{**step, "optional": True} if flag else step for step, flag in zip(steps, flags, strict=True)]
    order = draw(st.sampled_from(["ordered", "ordered", "strict", "any"]))
    shown = sorted(steps, key=lambda step: order == "any" and "optional" in step)
    required = [number for number, step in enumerate(shown, 1) if "optional" not in step]
    return {
        "kind": "funnel",
        "steps": steps,
        "exclusions": draw(_exclusions(required)),
        "order": order,
        "attribution": draw(st.sampled_from(["first", "last", "all", *required])),
        **draw(st.sampled_from([{}, {}, *([] if len(required) == 1 else _VIEWS)])),
        "window": draw(
            st.sampled_from(
                [{"value": 14, "unit": "day"}, {"value": 45, "unit": "minute"}, {"value": 0, "unit": "day"}]
            )
        ),
        "breakdown": draw(_breakdowns),
        **_common(draw),
    }


@st.composite
def retentions(draw):
    """A retention question."""
    interval = draw(st.sampled_from(["day", "week", "month"]))
    return {
        "kind": "retention",
        "rolling": interval != "month" and draw(st.booleans()),
        "target": draw(_specs),
        "returning": draw(_specs),
        "mode": draw(st.sampled_from(["recurring", "first_time"])),
        "interval": interval,
        "intervals": draw(st.integers(1, 6)),
        "unbounded": draw(st.booleans()),
        "minimum": draw(st.sampled_from([1, 1, 2, 3])),
        "breakdown": draw(_breakdowns),
        **_common(draw),
    }


@st.composite
def stickinesses(draw):
    """A stickiness question."""
    return {
        "kind": "stickiness",
        "series": draw(st.lists(_specs, min_size=1, max_size=2)),
        "interval": draw(st.sampled_from(["hour", "day", "week", "month"])),
        "breakdown": draw(_breakdowns),
        **_common(draw),
    }


@st.composite
def lifecycles(draw):
    """A lifecycle question."""
    return {
        "kind": "lifecycle",
        "event": draw(_specs),
        "interval": draw(st.sampled_from(["hour", "day", "week", "month"])),
        **_common(draw),
    }


@st.composite
def paths(draw):
    """Paths from a start or up to an end."""
    gaps = [{"value": 30, "unit": "minute"}, {"value": 1, "unit": "day"}, {"value": 7, "unit": "day"}]
    return {
        "kind": "paths",
        draw(st.sampled_from(["start", "start", "end"])): draw(_specs),
        "steps": draw(st.integers(2, 6)),
        "edges": draw(st.sampled_from([1, 3, 8, 200])),
        "repeats": draw(st.booleans()),
        "session_gap": draw(st.sampled_from(gaps)),
        **_common(draw),
    }


@st.composite
def adoptions(draw):
    """Adoption of one to three features."""
    features = [
        {"name": f"Feature {n}", "events": draw(st.lists(_specs, min_size=1, max_size=2)), "core": draw(st.booleans())}
        for n in range(draw(st.integers(1, 3)))
    ]
    interval = draw(st.sampled_from(["week", "week", "month"]))
    return {"kind": "adoption", "features": features, "interval": interval, **_common(draw)}


@st.composite
def what_goes_with(draw):
    """What goes with coming back, of few people: their counts."""
    days = draw(st.sampled_from([1, 3, 7]))
    spec = {"target": draw(_specs), "returning": draw(_specs)}
    return {"kind": "goes_with", **spec, "days": days, "until": days + draw(st.sampled_from([1, 5])), **_common(draw)}


QUESTIONS = {
    "goes_with": what_goes_with(),
    "adoption": adoptions(),
    "trend": trends(is_whole=True),
    "funnel": funnels(),
    "retention": retentions(),
    "stickiness": stickinesses(),
    "lifecycle": lifecycles(),
    "paths": paths(),
}
