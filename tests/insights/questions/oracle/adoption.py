"""Adoption of features, and the engagement score."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from tests.insights.questions.oracle.asked import Asked, first_events, floor


def adoption(question, world):
    asked = Asked(question, world)
    labels = asked.labels()
    anything = {"event": None}
    events = asked.events(anything)
    place_of = lambda event: asked.label(asked.local(event))  # noqa: E731 - short
    active = defaultdict(set)
    for event in events:
        active[place_of(event)].add(asked.unit(event))
    firsts = {unit: event["timestamp"] for unit, event in first_events(asked, anything).items()}
    in_range = set().union(*(active[label] for label in labels))
    features = []
    for feature in question["features"]:
        own = [event for event in events if any(asked.is_such(event, spec) for spec in feature["events"])]
        here = [event for event in own if place_of(event) in labels]
        users = {asked.unit(event) for event in here}
        first_use = {}
        for event in own:
            unit = asked.unit(event)
            first_use[unit] = min(first_use.get(unit, event["timestamp"]), event["timestamp"])
        took = sorted(
            (ts - firsts[unit]).total_seconds()
            for unit, ts in first_use.items()
            if asked.label(ts.astimezone(asked.zone)) in labels
        )
        used = {label: {asked.unit(event) for event in here if place_of(event) == label} for label in labels}
        others = {label: active[label] - used[label] for label in labels}
        kept = {}
        for name, who in (("users", used), ("others", others)):
            came_back = [len(who[one] & active[following]) for one, following in pairwise(labels)]
            kept[name] = (sum(came_back), sum(len(who[label]) for label in labels[:-1]))
        features.append(
            {
                "users": sorted(users),
                "events": len(here),
                "first_use": (len(took), median_of(took)),
                "kept": kept,
                "values": [len(used[label]) for label in labels],
            }
        )
    shares = [
        len(one["users"]) / len(in_range)
        for one, feature in zip(features, question["features"], strict=True)
        if feature["core"] and in_range
    ]
    adopted = 100 * sum(shares) / len(shares) if shares else None
    common = {"labels": labels, "active": sorted(in_range), "features": features, "adoption": adopted}
    return {**common, **engagement(asked, labels, active, events)}


def engagement(asked, labels, active, events):
    """Return stickiness and growth, bucket by bucket."""
    week_start = asked.q["week_start"]
    day_before = date.fromisoformat(labels[0]) - timedelta(days=1)
    before = floor(day_before, asked.interval, week_start).isoformat()
    came = gone = days = possible = 0
    for earlier, label in zip([before, *labels], labels, strict=False):
        came += len(active[label] - active[earlier])
        gone += len(active[earlier] - active[label])
        here = [event for event in events if asked.label(asked.local(event)) == label]
        days += len({(asked.unit(event), asked.local(event).date()) for event in here})
        day, n_days = date.fromisoformat(label), 0
        while floor(day + timedelta(days=n_days), asked.interval, week_start).isoformat() == label:
            n_days += 1
        possible += len(active[label]) * n_days
    return {
        "stickiness": 100 * days / possible if possible else None,
        "growth": 100 * came / (came + gone) if came + gone else None,
    }


def median_of(numbers):
    if not numbers:
        return None
    place = len(numbers) // 2
    return numbers[place] if len(numbers) % 2 else (numbers[place - 1] + numbers[place]) / 2
