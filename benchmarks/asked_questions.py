"""The questions that the benchmarks ask of generated events; the SQL by hand for each is questions_<name>.sql."""

_RETENTION = {
    "kind": "retention",
    "target": {"event": "event 2"},
    "returning": {"event": "event 3"},
    "date_from": "2024-03-04",
}
_STICKINESS = {
    "kind": "stickiness",
    "series": [{"event": "event 3"}],
    "date_from": "2024-05-01",
    "date_to": "2024-05-30",
}
_LIFECYCLE = {
    "kind": "lifecycle",
    "event": {"event": "event 1"},
    "date_from": "2024-03-04",
    "date_to": "2024-05-26",
}
QUESTIONS = {
    "trend": {
        "kind": "trend",
        "series": [{"event": "event 3", "measure": "persons"}],
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "trend_breakdown": {
        "kind": "trend",
        "series": [{"event": "event 1", "measure": "total"}],
        "interval": "week",
        "breakdown": [{"property": "plan"}],
        "date_from": "2024-03-04",
        "date_to": "2024-06-02",
    },
    "trend_breakdown_two": {
        "kind": "trend",
        "series": [{"event": "event 1", "measure": "total"}],
        "interval": "week",
        "filters": [{"property": "n", "op": "lt", "value": 5}],
        "breakdown": [{"property": "plan"}, {"property": "n"}],
        "date_from": "2024-03-04",
        "date_to": "2024-06-02",
    },
    "trend_formula": {
        "kind": "trend",
        "series": [{"event": "event 1"}, {"event": "event 2"}],
        "formula": "100 * A / B",
        "interval": "week",
        "date_from": "2024-03-04",
        "date_to": "2024-06-02",
    },
    "trend_cumulative": {
        "kind": "trend",
        "series": [{"event": "event 3", "measure": "persons"}],
        "cumulative": True,
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "trend_moving_average": {
        "kind": "trend",
        "series": [{"event": "event 3"}],
        "moving_average": 7,
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "trend_weekly_persons": {
        "kind": "trend",
        "series": [{"event": None, "measure": "persons"}],
        "interval": "week",
        "date_from": "2024-01-01",
        "date_to": "2024-06-23",
    },
    "trend_accounts": {
        "kind": "trend",
        "unit": "account",
        "series": [{"event": "event 3", "measure": "persons"}],
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "trend_first_time": {
        "kind": "trend",
        "series": [{"event": "event 3", "measure": "first_time"}],
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "trend_monthly_active": {
        "kind": "trend",
        "series": [{"event": "event 3", "measure": "monthly_active"}],
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "funnel": {
        "kind": "funnel",
        "steps": [{"event": f"event {n}"} for n in (1, 2, 3, 4)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_strict": {
        "kind": "funnel",
        "order": "strict",
        "steps": [{"event": f"event {n}"} for n in (1, 2, 1)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_any_order": {
        "kind": "funnel",
        "order": "any",
        "steps": [{"event": f"event {n}"} for n in (1, 2, 3)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_twice": {
        "kind": "funnel",
        "steps": [{"event": f"event {n}"} for n in (1, 1, 2)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_then_any": {
        "kind": "funnel",
        "steps": [{"event": "event 1"}, {"event": None}],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "retention": _RETENTION,
    "stickiness": _STICKINESS,
    "lifecycle": _LIFECYCLE,
    "paths": {
        "kind": "paths",
        "start": {"event": "event 1"},
        "edges": 30,
        "session_gap": {"value": 1, "unit": "day"},
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "paths_of_any": {
        "kind": "paths",
        "start": {"event": None},
        "session_gap": {"value": 7, "unit": "day"},
        "date_from": "2024-01-01",
        "date_to": "2024-06-23",
    },
    "trend_breakdown_three": {
        "kind": "trend",
        "series": [{"event": "event 1", "measure": "total"}],
        "interval": "week",
        "breakdown": [{"property": "plan"}, {"property": "n"}, {"property": "source", "of": "field"}],
        "date_from": "2024-03-04",
        "date_to": "2024-06-02",
    },
    "trend_compare": {
        "kind": "trend",
        "series": [{"event": "event 3", "measure": "persons"}],
        "compare": "previous",
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "funnel_excluding": {
        "kind": "funnel",
        "steps": [{"event": f"event {n}"} for n in (1, 2, 3)],
        "exclusions": [{"event": "event 4", "after": 1, "before": 3}],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_optional": {
        "kind": "funnel",
        "steps": [{"event": "event 1"}, {"event": "event 2", "optional": True}, {"event": "event 3"}],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_over_time": {
        "kind": "funnel",
        "steps": [{"event": f"event {n}"} for n in (1, 2)],
        "view": "trend",
        "interval": "week",
        "date_from": "2024-01-01",
        "date_to": "2024-06-09",
    },
    "funnel_histogram": {
        "kind": "funnel",
        "steps": [{"event": f"event {n}"} for n in (1, 2)],
        "view": "histogram",
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_attributed": {
        "kind": "funnel",
        "steps": [{"event": f"event {n}"} for n in (1, 2)],
        "breakdown": [{"property": "plan"}],
        "attribution": "last",
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_accounts": {
        "kind": "funnel",
        "unit": "account",
        "steps": [{"event": f"event {n}"} for n in (1, 2, 3)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "retention_rolling": _RETENTION | {"rolling": True},
    "retention_breakdown": _RETENTION | {"breakdown": [{"property": "plan"}]},
    "retention_minimum": _RETENTION | {"minimum": 2},
    "retention_unbounded": _RETENTION | {"unbounded": True},
    "retention_accounts": _RETENTION | {"unit": "account"},
    "stickiness_accounts": _STICKINESS | {"unit": "account"},
    "lifecycle_accounts": _LIFECYCLE | {"unit": "account"},
    "paths_accounts": {
        "kind": "paths",
        "unit": "account",
        "start": {"event": "event 1"},
        "edges": 20,
        "session_gap": {"value": 1, "unit": "hour"},
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "adoption": {
        "kind": "adoption",
        "features": [
            {"name": "One", "core": True, "events": [{"event": "event 1"}]},
            {"name": "Two", "core": True, "events": [{"event": "event 2"}, {"event": "event 3"}]},
            {"name": "Three", "events": [{"event": "event 4"}]},
        ],
        "interval": "week",
        "date_from": "2024-03-04",
        "date_to": "2024-05-26",
    },
    "goes_with": {
        "kind": "goes_with",
        "target": {"event": "event 1"},
        "returning": {"event": None},
        "days": 7,
        "until": 28,
        "date_from": "2024-03-01",
        "date_to": "2024-05-15",
    },
}
# Asked of as many events, spread over fourteen months.
YEARS = {"trend_compare_year": {**QUESTIONS["trend_compare"], "compare": "year"}}
# Asked again once a twentieth of the ids are joined to others, against SQL of their own.
JOINED = {"trend_joined": QUESTIONS["trend"], "funnel_joined": QUESTIONS["funnel"]}
# Of the members of a cohort of a million alone.
_MEMBERS = {"filters": [{"op": "in_cohort", "value": "bench-members"}]}
COHORT = {
    "trend_cohort": {**QUESTIONS["trend"], **_MEMBERS},
    "trend_weekly_cohort": {**QUESTIONS["trend_weekly_persons"], **_MEMBERS},
}
# Asked of one year of history and of two, with the range at the end; no SQL by hand.
HISTORY = {
    "trend_first_time": {
        "kind": "trend",
        "series": [{"event": "event 3", "measure": "first_time"}],
        "date_from": "-30d",
    },
    "lifecycle": {"kind": "lifecycle", "event": {"event": "event 1"}, "date_from": "-12w"},
    "retention": {
        "kind": "retention",
        "target": {"event": "event 2"},
        "returning": {"event": "event 3"},
        "date_from": "-8w",
    },
    "retention_first_time": {
        "kind": "retention",
        "target": {"event": "event 2"},
        "returning": {"event": None},
        "mode": "first_time",
        "date_from": "-8w",
    },
}
