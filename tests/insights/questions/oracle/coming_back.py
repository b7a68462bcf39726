"""Retention, stickiness, lifecycle."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from tests.insights.questions.oracle.asked import Asked, first_events, floor


def retention(question, world):
    asked = Asked(question, world)
    n, start = question["intervals"], date.fromisoformat(question["date_from"])
    labels = [floor(start, question["interval"], question.get("week_start", "monday"))]
    while len(labels) < n + 1:
        day = labels[-1] + timedelta(days=1)
        while floor(day, question["interval"], question.get("week_start", "monday")) == labels[-1]:
            day += timedelta(days=1)
        labels.append(day)

    def interval_of(event):
        day = asked.local(event).date()
        return sum(day >= label for label in labels) - 1  # -1 before, n after

    targets = asked.events(question["target"])
    if question["mode"] == "first_time":
        targets = list(first_events(asked, question["target"]).values())
    rows = {}  # (interval, unit) → the target event that says the group
    for event in targets:
        key = (interval_of(event), asked.unit(event))
        kind, value = asked.group(event)
        rank = (event["timestamp"], kind == "none", value or "")
        if 0 <= key[0] < n and (key not in rows or rank < rows[key][0]):
            rows[key] = (rank, asked.group(event))
    returns = defaultdict(list)
    for event in asked.events(question["returning"]):
        returns[asked.unit(event)].append(event)
    length = {"hour": 3600, "day": 86400, "week": 604800}.get(question["interval"])

    def counts_of(unit, row):
        """Return how often a unit came back, by the number of its interval counted from that of the first row."""
        counts = defaultdict(int)
        for event in returns[unit]:
            if question.get("rolling"):
                place = (event["timestamp"] - rows[row, unit][0][0]).total_seconds() // length
                counts[row + place if place >= 0 else -1] += 1
            else:
                counts[interval_of(event)] += 1
        return counts

    sizes = defaultdict(int)
    for _, group in rows.values():
        sizes[group] += 1
    shown, place = asked.shown_groups(sizes)
    found = []
    for group in shown:
        for row in range(n):
            members = [unit for (i, unit), (_, own) in rows.items() if i == row and place(own) == group]
            values, units = [], []
            for column in range(n - row):
                back = [
                    unit for unit in members if column == 0 or comes_back(counts_of(unit, row), row + column, question)
                ]
                values.append(len(back))
                units.append(sorted(back))
            found.append({"group": group, "label": labels[row].isoformat(), "values": values, "units": units})
    return {"cohorts": found}


def comes_back(counts, interval, question):
    if question.get("unbounded"):
        return sum(count for i, count in counts.items() if i >= interval) >= question.get("minimum", 1)
    return counts.get(interval, 0) >= question.get("minimum", 1)


def stickiness(question, world):
    asked = Asked(question, world)
    labels, found = asked.labels(), []
    for index, spec in enumerate(question["series"]):
        by_group = defaultdict(lambda: defaultdict(set))
        for event in asked.events(spec):
            if asked.in_range(event):
                by_group[asked.group(event)][asked.unit(event)].add(asked.label(asked.local(event)))
        shown, place = asked.shown_groups({group: len(units) for group, units in by_group.items()})
        merged = defaultdict(lambda: defaultdict(set))
        for group, units in by_group.items():
            for unit, intervals in units.items():
                merged[place(group)][unit] |= intervals
        for group in shown:
            many = {unit: len(intervals) for unit, intervals in merged[group].items()}
            units = [sorted(unit for unit, n in many.items() if n == k + 1) for k in range(len(labels))]
            found.append({"index": index, "group": group, "values": [len(one) for one in units], "units": units})
    return {"labels": list(range(1, len(labels) + 1)), "series": found}


def lifecycle(question, world):
    asked = Asked(question, world)
    labels = asked.labels()
    active = defaultdict(set)
    for event in asked.events(question["event"]):
        active[asked.label(asked.local(event))].add(asked.unit(event))
    firsts = {u: asked.label(asked.local(e)) for u, e in first_events(asked, question["event"]).items()}
    found = {"labels": labels, "new": [], "returning": [], "resurrecting": [], "dormant": [], "units": []}
    for label in labels:
        if asked.interval == "hour":
            start = datetime.fromisoformat(label)
            start = start if start.tzinfo else start.replace(tzinfo=asked.zone)
            before = asked.label((start.astimezone(UTC) - timedelta(minutes=1)).astimezone(asked.zone))
        else:
            earlier = date.fromisoformat(label) - timedelta(days=1)
            before = floor(earlier, asked.interval, question.get("week_start", "monday")).isoformat()
        new = {unit for unit in active[label] if firsts[unit] == label}
        parts = {
            "new": new,
            "returning": active[label] & active[before],
            "resurrecting": active[label] - active[before] - new,
            "dormant": active[before] - active[label],
        }
        for part, units in parts.items():
            found[part].append(-len(units) if part == "dormant" else len(units))
        found["units"].append({part: sorted(units) for part, units in parts.items()})
    return found
