"""The questions that the benchmarks ask of generated events; the SQL by hand for each is questions_<name>.sql."""

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
    "retention": {
        "kind": "retention",
        "target": {"event": "event 2"},
        "returning": {"event": "event 3"},
        "date_from": "2024-03-04",
    },
    "stickiness": {
        "kind": "stickiness",
        "series": [{"event": "event 3"}],
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "lifecycle": {
        "kind": "lifecycle",
        "event": {"event": "event 1"},
        "date_from": "2024-03-04",
        "date_to": "2024-05-26",
    },
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
}
# Asked again once a twentieth of the ids are joined to others, against SQL of their own.
JOINED = {"trend_joined": QUESTIONS["trend"], "funnel_joined": QUESTIONS["funnel"]}
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
