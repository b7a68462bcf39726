"""Literal answers in the shapes of the definitions, for tests of charts."""

FACTS = {
    "definition_version": "1",
    "data_until": "2024-01-03T21:10:00+00:00",
    "computed_at": "2024-01-03T21:12:00+00:00",
    "rows_scanned": 1200,
    "sql": ["select 1"],
}


def facts(**question):
    return {**FACTS, "question": {"timezone": "Europe/Berlin", "date_from": "2024-01-01", **question}}


def trend(**extra):
    question = {
        "kind": "trend",
        "interval": "day",
        "date_to": "2024-01-03",
        "series": [{"event": "report opened", "measure": "persons"}],
    }
    answer = {
        "kind": "trend",
        "labels": ["2024-01-01", "2024-01-02", "2024-01-03"],
        "partial": [False, False, True],
        "series": [{"name": "report opened", "breakdown": None, "values": [1200, 1260, 400]}],
        "facts": facts(**question),
    }
    return {**answer, **extra}


def funnel(**extra):
    steps = [
        {
            "name": "signed up",
            "count": 40,
            "from_first": 1.0,
            "from_previous": 1.0,
            "average_s": None,
            "median_s": None,
        },
        {
            "name": "invited",
            "count": 10,
            "from_first": 0.25,
            "from_previous": 0.25,
            "average_s": 60.0,
            "median_s": 40.2,
        },
    ]
    question = {"kind": "funnel", "steps": [{"event": "signed up"}, {"event": "invited"}]}
    return {
        "kind": "funnel",
        "steps": [{**step, "breakdown": None, "rates": {"from_first": rate(step["count"], 40)}} for step in steps],
        "facts": facts(**question),
        **extra,
    }


def conversion(**extra):
    question = {
        "kind": "funnel",
        "view": "trend",
        "interval": "week",
        "window": {"value": 14, "unit": "day"},
        "steps": [{"event": "signed up"}, {"event": "invited"}],
    }
    series = {"name": "conversion", "breakdown": None, "began": [40, 4, 20], "converted": [10, 1, 2]}
    rates = [rate(k, n) for k, n in zip(series["converted"], series["began"], strict=True)]
    series |= {"rates": rates, "values": [one["rate"] for one in rates]}
    return {
        "kind": "funnel",
        "view": "trend",
        "interval": "week",
        "labels": ["2024-01-01", "2024-01-08", "2024-01-15"],
        "partial": [False, False, True],
        "series": [series],
        "facts": facts(**question),
        **extra,
    }


def time_to_convert(**extra):
    question = {"kind": "funnel", "view": "histogram", "steps": [{"event": "signed up"}, {"event": "invited"}]}
    series = {"name": "converted", "breakdown": None, "values": [0, 7, 3], "average_s": 1000.0, "median_s": 900.0}
    labels = [0, 600, 1200]
    facts_of = facts(**question)
    return {
        "kind": "funnel",
        "view": "histogram",
        "bin_s": 600,
        "labels": labels,
        "series": [series],
        "facts": facts_of,
        **extra,
    }


def rate(k, n):
    if n < 5:
        return {"rate": None, "low": None, "high": None, "reason": "too_few"}
    return {"rate": k / n, "low": max(0.0, k / n - 0.1), "high": min(1.0, k / n + 0.1), "reason": None}


def retention(**extra):
    question = {
        "kind": "retention",
        "interval": "week",
        "intervals": 3,
        "target": {"event": "signed up"},
        "returning": {"event": None},
    }
    cohorts = [
        {"label": "2024-01-01", "breakdown": None, "size": 40, "values": [40, 22, 17], "partial": [False, False, True]},
        {"label": "2024-01-08", "breakdown": None, "size": 20, "values": [20, 8], "partial": [False, True]},
        {"label": "2024-01-15", "breakdown": None, "size": 3, "values": [3], "partial": [True]},
    ]
    for cohort in cohorts:
        n = cohort["size"]
        cohort["rates"] = [rate(value, n) for value in cohort["values"]]
    means = [{"breakdown": None, "values": [rate(60, 60), rate(22, 40), rate(0, 0)]}]
    return {
        "kind": "retention",
        "intervals": 3,
        "cohorts": cohorts,
        "means": means,
        "facts": facts(**question),
        **extra,
    }


def stickiness():
    question = {"kind": "stickiness", "interval": "day", "series": [{"event": "report opened"}]}
    series = [{"name": "report opened", "breakdown": None, "values": [30, 9, 2]}]
    return {"kind": "stickiness", "labels": [1, 2, 3], "series": series, "facts": facts(**question)}


def lifecycle():
    question = {"kind": "lifecycle", "interval": "week", "event": {"event": "report opened"}}
    states = {"new": [5, 2], "returning": [9, 8], "resurrecting": [2, 1], "dormant": [-4, -3]}
    return {"kind": "lifecycle", "labels": ["2024-01-01", "2024-01-08"], **states, "facts": facts(**question)}


def adoption(**extra):
    features = [{"name": name, "events": [{"event": name.lower()}], "core": name == "Reports"} for name in FEATURES]
    question = {"kind": "adoption", "interval": "week", "features": features}
    shown = [
        {
            "name": name,
            "index": index,
            "core": name == "Reports",
            "users": users,
            "share": rate(users, 40),
            "events": 3 * users,
            "depth": 3.0 if users else None,
            "first_use": {"count": users // 2, "median_s": 3600.0 if users else None},
            "retention": {"users": {"kept": 8, "of": 10, **rate(8, 10)}, "others": {"kept": 1, "of": 2, **rate(1, 2)}},
        }
        for index, (name, users) in enumerate(FEATURES.items())
    ]
    series = [
        {"name": name, "index": index, "breakdown": None, "group": "all", "values": [0.2, None], "users": [8, 1]}
        for index, name in enumerate(FEATURES)
    ]
    went = {"new": 5, "recovered": 3, "dropped": 2, "ratio": 4.0}
    parts = {"adoption": 60.0, "stickiness": 30.0, "growth": 80.0}
    return {
        "kind": "adoption",
        "interval": "week",
        "labels": ["2024-01-01", "2024-01-08"],
        "partial": [False, True],
        "active": 40,
        "actives": [30, 20],
        "features": shown,
        "series": series,
        "score": {"value": 170 / 3, "reason": None, **parts, "came_and_went": went},
        "facts": facts(**question),
        **extra,
    }


def goes_with(**extra):
    question = {
        "kind": "goes_with",
        "target": {"event": "signed up"},
        "returning": {"event": None},
        "days": 7,
        "until": 28,
    }
    base = {"did": {**rate(30, 60), "n": 60, "later": 30}, "others": {**rate(40, 200), "n": 200, "later": 40}}
    nothing = dict.fromkeys(("effect", "low", "high", "found_effect", "q", "p"))
    measured = {"effect": 0.3, "low": 0.1, "high": 0.5, "found_effect": 0.32, "q": 0.0004, "p": 0.001}
    events = [
        {"event": "invited", **base, **measured, "state": "goes_with"},
        {"event": "searched", **base, **measured, "effect": -0.02, "q": 0.4, "state": "not_confirmed"},
        {"event": "exported", **base, **nothing, "state": "too_few"},
    ]
    return {
        "kind": "goes_with",
        "label": "goes with, not caused by",
        "days": 7,
        "until": 28,
        "n": 260,
        "later": 70,
        "rate": rate(70, 260),
        "n_tested": 2,
        "n_too_few": 1,
        "events": events,
        "facts": facts(**question),
        **extra,
    }


FEATURES = {"Reports": 24, "Timeline": 0}


def paths(**extra):
    question = {"kind": "paths", "start": {"event": "signed up"}, "steps": 3, "edges": 2}
    edges = [(1, "signed up", "invited", 30), (2, "invited", "paid", 12), (1, "signed up", None, 4)]
    places = [
        (1, "signed up", 40, 6),
        (2, "invited", 30, 18),
        (2, None, 4, 4),
        (3, "paid", 12, 2),
    ]
    label = lambda step, name: f"{step}. {name or 'other'}"  # noqa: E731 - two short uses
    places = [
        {"name": label(step, name), "step": step, "event": name, "count": count, "ended": ended}
        for step, name, count, ended in places
    ]
    edges = [
        {
            "from": label(step, start),
            "to": label(step + 1, to),
            "step": step,
            "from_event": start,
            "to_event": to,
            "count": count,
            "rate": rate(count, 40 if step == 1 else 30),
            "median_s": 61.5,
        }
        for step, start, to, count in edges
    ]
    return {
        "kind": "paths",
        "n_steps": 3,
        "n_people": 40,
        "n_paths": 55,
        "nodes": [place["name"] for place in places],
        "edges": edges,
        "places": places,
        "flow": {"places": places, "edges": edges},
        "facts": facts(**question),
        **extra,
    }


ALL = {
    "trend": trend,
    "funnel": funnel,
    "retention": retention,
    "stickiness": stickiness,
    "lifecycle": lifecycle,
    "adoption": adoption,
    "goes_with": goes_with,
    "paths": paths,
}
