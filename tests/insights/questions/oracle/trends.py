"""Trends: measures by bucket, comparisons, running totals, moving averages, formulas."""

import ast
import math
import operator
from collections import defaultdict
from datetime import date, timedelta

from tests.insights.questions.oracle.asked import Asked, first_events, is_number


def measure(series, asked, events):
    """Return one number about the events of one bucket and group."""
    name = series["measure"]
    units = {asked.unit(event) for event in events}
    if name == "total":
        return len(events)
    if name in ("persons", "weekly_active", "monthly_active", "first_time"):
        return len(units)
    if name == "per_person":
        return len(events) / len(units) if units else None
    numbers = sorted(
        value for event in events if is_number(value := (event.get("properties") or {}).get(series["property"]))
    )
    if name == "sum":
        return math.fsum(numbers)
    if not numbers:
        return None
    if name in ("avg", "min", "max"):
        return {"avg": math.fsum(numbers) / len(numbers), "min": numbers[0], "max": numbers[-1]}[name]
    share = {"median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}[name]
    place = share * (len(numbers) - 1)
    low = math.floor(place)
    high = min(low + 1, len(numbers) - 1)
    return numbers[low] + (numbers[high] - numbers[low]) * (place - low)


def trend_sets(asked, series):
    """Return [(label, event)]: an event is under each label that it counts for."""
    if series["measure"] == "first_time":
        firsts = first_events(asked, series).values()
        return [(asked.label(asked.local(event)), event) for event in firsts if asked.in_range(event)]
    events = asked.events(series)
    n_days = {"weekly_active": 7, "monthly_active": 30}.get(series["measure"], 1)
    if n_days == 1 or asked.interval != "day":
        return [(asked.label(asked.local(event)), event) for event in events if asked.in_range(event)]
    found = []
    for event in events:
        for later in range(n_days):
            label = (asked.local(event).date() + timedelta(days=later)).isoformat()
            if label in asked.labels_set:
                found.append((label, event))
    return found


def trend(question, world):
    asked = Asked(question, world)
    own, n = asked.labels(), question.get("moving_average") or 1
    if n > 1:
        asked = with_buckets_before(asked, own, n - 1)
    labels = asked.kept_labels if n > 1 else own
    unders = [under_labels(asked, series, labels) for series in question["series"]]
    found = []
    if question.get("formula"):
        found = trend_formula(asked, labels, unders)
    else:
        for index, (series, under) in enumerate(zip(question["series"], unders, strict=True)):
            shown, place = asked.shown_groups(sizes_of(asked, series, under, labels))
            merged = merge(under, place)
            for group in shown:
                values = [measure(series, asked, merged[group, label]) for label in labels]
                units = [sorted({asked.unit(event) for event in merged[group, label]}) for label in labels]
                found.append({"index": index, "group": group, "values": values, "units": units})
    if n > 1:
        for line in found:
            windows = [line["values"][end - n : end] for end in range(n, len(labels) + 1)]
            known = [[value for value in window if value is not None] for window in windows]
            line["values"] = [math.fsum(values) / len(values) if values else None for values in known]
    return {"labels": own, "series": found}


def with_buckets_before(asked, own, n):
    days = n // 20 + 3 if asked.interval == "hour" else n * 370
    first = date.fromisoformat(asked.q["date_from"]) - timedelta(days=days)
    wide = Asked({**asked.q, "date_from": first.isoformat()}, asked.world)
    every = wide.labels()
    wide.kept_labels = every[every.index(own[0]) - n :]
    wide._labels = set(wide.kept_labels)
    return wide


def under_labels(asked, series, labels):
    """Return {(group, label): [event]}; cumulative: under every label from its own on."""
    under = defaultdict(list)
    for label, event in trend_sets(asked, series):
        later = labels[labels.index(label) :] if asked.q.get("cumulative") else [label]
        for one in later:
            under[asked.group(event), one].append(event)
    return under


def merge(under, place):
    merged = defaultdict(list)
    for (group, label), events in under.items():
        merged[place(group), label] += events
    return merged


def sizes_of(asked, series, under, labels):
    by_value = series["measure"] in ("total", "persons", "weekly_active", "monthly_active", "first_time", "sum")
    sizes = defaultdict(float)
    for (group, label), events in under.items():
        if asked.q.get("cumulative") and label != labels[-1]:
            continue
        sizes[group] += measure(series, asked, events) if by_value else len(events)
    return sizes


def trend_formula(asked, labels, unders):
    """Return the result alone: the groups of the first series named, by size, then those that the next ones add."""
    tree = ast.parse(asked.q["formula"].strip(), mode="eval").body
    letters = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})
    series = {letter: asked.q["series"][ord(letter) - ord("A")] for letter in letters}
    under = {letter: unders[ord(letter) - ord("A")] for letter in letters}
    order = []
    for letter in letters:
        sizes = sizes_of(asked, series[letter], under[letter], labels)
        order += [g for g in sorted(sizes, key=lambda g: (-sizes[g], g[1] or "")) if g not in order]
    ranks = {group: -place for place, group in enumerate(order)}
    shown, place = asked.shown_groups(ranks)
    merged = {letter: merge(under[letter], place) for letter in letters}
    found = []
    for group in shown:
        values = []
        for label in labels:
            known = {letter: measure(series[letter], asked, merged[letter][group, label]) for letter in letters}
            values.append(reckon(tree, known))
        found.append({"index": 0, "group": group, "values": values})
    return found


def reckon(node, known):
    """Reckon a formula over Python's own syntax tree."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return known[node.id]
    if isinstance(node, ast.UnaryOp):
        value = reckon(node.operand, known)
        return None if value is None else -value
    left, right = reckon(node.left, known), reckon(node.right, known)
    if left is None or right is None or (isinstance(node.op, ast.Div) and right == 0):
        return None
    ways = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
    return ways[type(node.op)](left, right)
