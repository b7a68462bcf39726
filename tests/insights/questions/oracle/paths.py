"""Paths: what came after, or before, a point."""

from collections import defaultdict
from datetime import timedelta

from tests.insights.questions.oracle.asked import Asked


def paths(question, world):
    asked = Asked({**question, "interval": "day"}, world)
    is_backward, n = "end" in question, question["steps"]
    found = [path for unit, line in lines_of(asked, question) for path in paths_of(asked, question, unit, line)]
    along, at, ended = defaultdict(list), defaultdict(set), defaultdict(set)
    for unit, steps, is_whole in found:
        for step, (name, ts) in steps.items():
            at[step, name].add(unit)
            if step + 1 in steps:
                along[step, name, steps[step + 1][0]].append((unit, (steps[step + 1][1] - ts).total_seconds()))
        last = min(steps) if is_backward else max(steps)
        if is_whole or last not in (1, n):
            ended[last, steps[last][0]].add(unit)
    by_size = sorted(along, key=lambda edge: (-len({unit for unit, _ in along[edge]}), edge))
    shown, edges = by_size[: question["edges"]], {}
    anchor = n if is_backward else 1
    anchors = sorted((key for key in at if key[0] == anchor), key=lambda key: (-len(at[key]), key[1]))
    places = {(step, name) for step, start, to in shown for step, name in ((step, start), (step + 1, to))}
    places |= set(anchors[: question["edges"]])
    for step, start, to in by_size:
        key = (step, start, to)
        if key not in shown and is_backward:
            key = (step, None, to if (step + 1, to) in places else None)
        elif key not in shown:
            key = (step, start if (step, start) in places else None, None)
        edges.setdefault(key, []).extend(along[step, start, to])
    return {
        "n_people": len({unit for unit, _, _ in found}),
        "n_paths": len(found),
        "shown": shown,
        "edges": {key: (sorted({unit for unit, _ in passed}), middle(passed)) for key, passed in edges.items()},
        "places": merge_places(at, places),
        "ended": merge_places(ended, places),
    }


def lines_of(asked, question):
    """Return each unit's events of the range in order: by time, then starts first (ends last), then by name."""
    point = question.get("start") or question["end"]
    by_unit = defaultdict(list)
    for event in world_events_in_range(asked):
        by_unit[asked.unit(event)].append(event)
    for unit, events in by_unit.items():
        is_late = lambda event: asked.is_such(event, point) == ("end" in question)  # noqa: E731 - one short use
        yield unit, sorted(events, key=lambda event: (event["timestamp"], is_late(event), event["event"]))


def world_events_in_range(asked):
    return [event for event in asked.world.events if asked.passes(event) and asked.in_range(event)]


def paths_of(asked, question, unit, line):
    """Yield (unit, {step: (name, time)}, whether nothing lies beyond) for each session that has the point."""
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}[question["session_gap"]["unit"]]
    gap = timedelta(seconds=seconds * question["session_gap"]["value"])
    sessions = []
    for event in line:
        if not sessions or event["timestamp"] - sessions[-1][-1]["timestamp"] >= gap:
            sessions.append([])
        sessions[-1].append(event)
    point = question.get("start") or question["end"]
    for session in sessions:
        hits = [place for place, event in enumerate(session) if asked.is_such(event, point)]
        if not hits:
            continue
        steps = []
        for event in session[: hits[-1] + 1] if "end" in question else session[hits[0] :]:
            if question["repeats"] or not steps or steps[-1][0] != event["event"]:
                steps.append((event["event"], event["timestamp"]))
        n = question["steps"]
        if "end" in question:
            kept = steps[-n:]
            yield unit, {n - len(kept) + 1 + place: step for place, step in enumerate(kept)}, len(steps) <= n
        else:
            yield unit, {place + 1: step for place, step in enumerate(steps[:n])}, len(steps) <= n


def merge_places(units, shown):
    found = defaultdict(set)
    for (step, name), here in units.items():
        found[step, name if (step, name) in shown else None] |= here
    return {key: sorted(here) for key, here in found.items()}


def middle(passed):
    took = sorted(seconds for _, seconds in passed)
    place = len(took) // 2
    return took[place] if len(took) % 2 else (took[place - 1] + took[place]) / 2
