"""The oracle: every kind of question in plain row-by-row Python, from the definitions, sharing no code with the SQL.

Questions are JSON with absolute dates. A world is a list of events, traits and joins as `store_events` takes them.
Slow and obvious on purpose: sets, loops and permutations.
"""

import ast
import json
import math
import operator
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise, permutations, product
from zoneinfo import ZoneInfo


@dataclass
class World:
    events: list
    traits: list = field(default_factory=list)
    joins: list = field(default_factory=list)
    cohorts: dict = field(default_factory=dict)  # by name: {"unit", "ids"}

    def person(self, distinct_id):
        for join in self.joins:
            if join["distinct_id"] == distinct_id:
                return join["person_id"]
        return distinct_id

    def trait(self, subject, subject_id, key):
        """Return the latest value: at one moment that of the later row, of several ids of a person the greater text."""
        latest = {}
        for place, row in enumerate(self.traits):
            owner = self.person(row["subject_id"]) if row["subject"] == "person" else row["subject_id"]
            if (row["subject"], owner, row["key"]) == (subject, subject_id, key):
                found = (row["timestamp"], place, row["value"])
                latest[row["subject_id"]] = max(found, latest.get(row["subject_id"], found), key=lambda item: item[:2])
        values = [(when, json.dumps(value), value) for when, _, value in latest.values()]
        return max(values, key=lambda item: item[:2])[2] if values else None

    def account(self, event):
        return event.get("account_id") or self.trait("person", self.person(event["distinct_id"]), "$account")


def text(value):
    if value is None:
        return None
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Asked:
    """A question, its world, and the words of the definitions as small functions."""

    def __init__(self, question, world):
        self.q, self.world = question, world
        self.zone = ZoneInfo(question["timezone"])
        self.interval = question.get("interval", "day")

    # who
    def unit(self, event):
        if self.q.get("unit") == "account":
            return self.world.account(event)
        return self.world.person(event["distinct_id"])

    def value(self, event, key, of):
        if of == "event":
            return (event.get("properties") or {}).get(key)
        if of == "person":
            return self.world.trait("person", self.world.person(event["distinct_id"]), key)
        if of == "field":
            return event["event"]
        if of == "cohort":
            return "in" if self.is_in(event, key) else "not in"
        account = self.world.account(event)
        return None if account is None else self.world.trait("account", account, key)

    def is_in(self, event, name):
        cohort = self.world.cohorts[name]
        if cohort["unit"] == "account":
            return self.world.account(event) in cohort["ids"]
        return self.world.person(event["distinct_id"]) in {self.world.person(one) for one in cohort["ids"]}

    def holds(self, event, item):
        if "any" in item:
            return any(self.holds(event, one) for one in item["any"])
        if "all" in item:
            return all(self.holds(event, one) for one in item["all"])
        if item.get("op") in ("in_cohort", "not_in_cohort"):
            names = item["value"] if isinstance(item["value"], list) else [item["value"]]
            return any(self.is_in(event, name) for name in names) == (item["op"] == "in_cohort")
        value = self.value(event, item["property"], item.get("of", "event"))
        return compare(item.get("op", "is"), value, item.get("value"))

    def is_such(self, event, spec):
        if spec["event"] is not None and spec["event"] != event["event"]:
            return False
        return all(self.holds(event, item) for item in spec.get("filters", []))

    def passes(self, event):
        return self.unit(event) is not None and all(self.holds(event, item) for item in self.q.get("filters", []))

    def events(self, spec):
        return [event for event in self.world.events if self.passes(event) and self.is_such(event, spec)]

    # when
    def local(self, event):
        return event["timestamp"].astimezone(self.zone)

    def label(self, moment):
        day = moment.date()
        if self.interval == "hour":
            offset = f"{moment:%z}"
            return f"{moment:%Y-%m-%dT%H:00}" + (f"{offset[:3]}:{offset[3:]}" if moment.fold else "")
        if self.interval == "all":
            return self.q["date_from"]
        return floor(day, self.interval, self.q.get("week_start", "monday")).isoformat()

    def labels(self):
        first, last = date.fromisoformat(self.q["date_from"]), date.fromisoformat(self.q["date_to"])
        if self.interval == "hour":
            found = []
            moment = datetime(first.year, first.month, first.day, tzinfo=self.zone).astimezone(UTC) - timedelta(hours=2)
            while True:
                local = moment.astimezone(self.zone)
                if local.date() > last:
                    return list(dict.fromkeys(found))
                if local.date() >= first:
                    found.append(self.label(local))
                moment += timedelta(minutes=15)
        if self.interval == "all":
            return [self.q["date_from"]]
        found, day = [], first
        while day <= last:
            label = floor(day, self.interval, self.q.get("week_start", "monday")).isoformat()
            if label not in found:
                found.append(label)
            day += timedelta(days=1)
        return found

    def in_range(self, event):
        if self.interval == "all":
            return self.q["date_from"] <= self.local(event).date().isoformat() <= self.q["date_to"]
        return self.label(self.local(event)) in self.labels_set

    @property
    def labels_set(self):
        if not hasattr(self, "_labels"):
            self._labels = set(self.labels())
        return self._labels

    # groups
    def group(self, event):
        """Return ("value", text), ("none", None) or ("all", None)."""
        if not self.q.get("breakdown"):
            return ("all", None)
        if len(self.q["breakdown"]) > 1:
            values = [text(self.value(event, one["property"], one.get("of", "event"))) for one in self.q["breakdown"]]
            return ("value", tuple("(none)" if value is None else value for value in values))
        item = self.q["breakdown"][0]
        value = text(self.value(event, item["property"], item.get("of", "event")))
        return ("none", None) if value is None else ("value", value)

    def shown_groups(self, sizes):
        """Return the groups of an answer in order, and a function from an event's group to the one it is shown in."""
        if not self.q.get("breakdown"):
            return [("all", None)], lambda group: group
        values = sorted((g for g in sizes if g[0] == "value"), key=lambda g: (-sizes[g], g[1]))
        top, rest = values[:25], values[25:]
        shown = [*top, *([("other", None)] if rest else []), *([("none", None)] if ("none", None) in sizes else [])]
        return shown, lambda group: group if group in top or group[0] == "none" else ("other", None)


def floor(day, interval, week_start):
    if interval == "week":
        while day.strftime("%A").lower() != week_start:
            day -= timedelta(days=1)
        return day
    months = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,)}
    if interval in months:
        while day.day != 1 or day.month not in months[interval]:
            day -= timedelta(days=1)
    return day


def compare(op, value, wanted):
    if value is None:
        return op in ("is_not", "not_contains", "is_not_set")
    many = wanted if isinstance(wanted, list) else [wanted]
    if op in ("is", "is_not"):
        return (text(value) in [text(one) for one in many]) == (op == "is")
    if op in ("contains", "not_contains"):
        return (wanted.lower() in text(value).lower()) == (op == "contains")
    if op == "matches":
        return re.search(wanted, text(value)) is not None
    if op in ("is_set", "is_not_set"):
        return op == "is_set"
    if any(is_number(one) != is_number(value) or isinstance(value, bool) for one in many):
        return False
    tests = {"gt": lambda a: value > a, "gte": lambda a: value >= a, "lt": lambda a: value < a}
    tests["lte"] = lambda a: value <= a
    return many[0] <= value <= many[1] if op == "between" else tests[op](wanted)


def first_events(asked, spec):
    """Return each unit's first such event ever: at one moment the first by text of its group, a missing one last."""
    found = {}
    for event in asked.events(spec):
        kind, value = asked.group(event)
        rank = (event["timestamp"], kind == "none", value or "")
        unit = asked.unit(event)
        if unit not in found or rank < found[unit][0]:
            found[unit] = (rank, event)
    return {unit: event for unit, (_, event) in found.items()}


# trend


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


# funnel


def funnel(question, world):
    view = question.get("view", "steps")
    asked = Asked({**question, "interval": question["interval"] if view == "trend" else "day"}, world)
    if view == "trend":
        return funnel_over_time(asked)
    shown = funnel_parts(asked, asked.in_range)
    if view == "histogram":
        return funnel_histogram(question, shown)
    found = []
    for group, attempts in shown:
        for place, step in enumerate(steps_shown(question)):
            before = sum(not one.get("optional") for one in steps_shown(question)[:place])
            if step.get("optional"):
                before = 1 if question["order"] == "any" else before
                done = {unit: times.optional[place] for unit, times in attempts.items() if place in times.optional}
            else:
                done = {unit: times[before] for unit, times in attempts.items() if len(times) > before}
            took = sorted((ts - attempts[unit][before - 1]).total_seconds() for unit, ts in done.items() if before)
            middle = len(took) // 2
            median = (took[middle] if len(took) % 2 else (took[middle - 1] + took[middle]) / 2) if took else None
            average = math.fsum(took) / len(took) if took else None
            came = {unit for unit, times in attempts.items() if len(times) >= before} if before else set()
            found.append(
                {
                    "group": group,
                    "count": len(done),
                    "average_s": average,
                    "median_s": median,
                    "units": sorted(done),
                    "lost": sorted(came - set(done)),
                }
            )
    return {"steps": found}


def funnel_over_time(asked):
    """Ask for each bucket alone; show the groups that are greatest over all of them."""
    labels = asked.labels()
    by_label = {
        label: funnel_attempts(asked, lambda event, label=label: asked.label(asked.local(event)) == label)
        for label in labels
    }
    sizes = defaultdict(int)
    for found in by_label.values():
        for group, _ in found:
            sizes[group] += 1
    shown, place = asked.shown_groups(sizes)
    series = []
    for group in shown:
        own = [best_of(found, group, place) for found in by_label.values()]
        done = [[unit for unit, times in units.items() if len(times) == n_required(asked.q)] for units in own]
        rates = [len(ends) / len(units) if len(units) >= 5 else None for ends, units in zip(done, own, strict=True)]
        series.append({"group": group, "values": rates, "began": list(map(len, own)), "units": list(map(sorted, done))})
    return {"labels": labels, "series": series}


def funnel_histogram(question, shown):
    widths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200]
    widths += [86400 * days for days in (1, 2, 7, 14, 28)]
    took = [
        {
            unit: (times[-1] - times[0]).total_seconds()
            for unit, times in own.items()
            if len(times) == n_required(question)
        }
        for _, own in shown
    ]
    longest = max((seconds for own in took for seconds in own.values()), default=None)
    if longest is None:
        return {"labels": [], "series": [{"group": group, "values": [], "units": []} for group, _ in shown]}
    width = next(width for width in widths if longest < 24 * width)
    labels = [k * width for k in range(int(longest // width) + 1)]
    series = []
    for (group, _), own in zip(shown, took, strict=True):
        units = [sorted(u for u, seconds in own.items() if low <= seconds < low + width) for low in labels]
        series.append({"group": group, "values": list(map(len, units)), "units": units})
    return {"labels": labels, "series": series}


def funnel_parts(asked, begins):
    found = funnel_attempts(asked, begins)
    sizes = defaultdict(int)
    for group, _ in found:
        sizes[group] += 1
    shown, place = asked.shown_groups(sizes)
    return [(group, best_of(found, group, place)) for group in shown]


def best_of(found, group, place):
    """Return the best attempt of each unit among those shown in one group."""
    best = {}
    for (own, unit), times in found.items():
        if place(own) == group and (unit not in best or (-len(times), times) < (-len(best[unit]), best[unit])):
            best[unit] = times
    return best


class Attempt(tuple):
    """The time of each required step reached; `optional` holds those of optional steps by their place as shown."""


def steps_shown(question):
    return sorted(question["steps"], key=lambda step: question["order"] == "any" and step.get("optional", False))


def n_required(question):
    return sum(not step.get("optional") for step in question["steps"])


def optional_time(events, attempt, question, place):
    """Return when an attempt did the optional step at a place among those shown, or None."""
    is_any, shown = question["order"] == "any", steps_shown(question)
    before = 1 if is_any else sum(not one.get("optional") for one in shown[:place])
    if len(attempt) < before:
        return None
    has_end = len(attempt) == n_required(question) if is_any else len(attempt) > before
    end = attempt[-1] if is_any or not has_end else attempt[before]
    for ts, mask, _, _, extra in sorted(events, key=lambda item: item[0]):
        if place not in extra or ts < attempt[before - 1] or (ts in attempt and any(mask)):
            continue
        if has_end:
            return ts if ts <= end else None
        barred = any(
            attempt[after - 1] < other <= ts
            for other, _, _, their, _ in events
            for after, until in their
            if after <= len(attempt) < until
        )
        if question["order"] == "strict":
            barred = barred or any(attempt[-1] < other <= ts for other, m, _, b, x in events if any(m) or b or not x)
        return None if barred or ts - attempt[0] > window_of(question) else ts
    return None


def funnel_attempts(asked, begins):
    """Return {(group, unit): times of the best attempt}; `begins` says with which events one may begin."""
    question, shown = asked.q, steps_shown(asked.q)
    steps = [step for step in shown if not step.get("optional")]
    number = lambda shown_number: sum(not one.get("optional") for one in shown[:shown_number])  # noqa: E731 - short
    touch = question.get("attribution", "first")
    is_alike = bool(question.get("breakdown")) and touch == "all"
    by_unit = defaultdict(list)
    for event in asked.world.events:
        if asked.passes(event):
            mask = [asked.is_such(event, step) for step in steps]
            bars = [
                (number(x["after"]), number(x["before"]))
                for x in question.get("exclusions", [])
                if asked.is_such(event, x)
            ]
            extra = {k for k, step in enumerate(shown) if step.get("optional") and asked.is_such(event, step)}
            if any(mask) or bars or extra or question["order"] == "strict":
                key = (asked.unit(event), asked.group(event) if is_alike else None)
                by_unit[key].append((event["timestamp"], mask, event, bars, extra))
    found = {}
    for (unit, value), events in by_unit.items():
        own = [item[:4] for item in events if any(item[1]) or item[3] or not item[4]]  # not those of optional steps
        attempt = Attempt(best_attempt(own, question, begins))
        if attempt:
            places = [place for place, step in enumerate(shown) if step.get("optional")]
            times = {place: optional_time(events, attempt, question, place) for place in places}
            attempt.optional = {place: ts for place, ts in times.items() if ts is not None}
            touched_step = number(touch) if isinstance(touch, int) else touch
            found[value or touched(asked, own, attempt, touched_step), unit] = attempt
    return found


def touched(asked, events, attempt, touch):
    """Return the group that the attribution puts an attempt into."""
    step = {"first": 0, "last": len(attempt) - 1}.get(touch, touch - 1 if isinstance(touch, int) else 0)
    if step >= len(attempt):
        return ("none" if asked.q.get("breakdown") else "all", None)
    is_any = asked.q["order"] == "any"
    groups = [
        asked.group(event)
        for ts, mask, event, _ in events
        if ts == attempt[step] and (any(mask) if is_any else mask[step])
    ]
    return min(groups, key=lambda g: (g[0] == "none", g[1] or ""))


def best_attempt(events, question, begins):
    """Try every order of events at equal times, and every start; return the times of the best attempt."""
    window = window_of(question)
    events = sorted(events, key=lambda item: item[0])
    ties = [list(group) for _, group in groupby(events, key=lambda item: item[0])]
    best = ()
    for choice in product(*(distinct_orders(tie) for tie in ties)):
        line = [item for group in choice for item in group]
        for start in range(len(line)):
            if begins(line[start][2]):
                times = follow(line[start:], question["order"], n_required(question), window)
                if times and (-len(times), times) < (-len(best), best):
                    best = times
    return best


def window_of(question):
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}[question["window"]["unit"]]
    return timedelta(seconds=seconds * question["window"]["value"])


def distinct_orders(tie):
    found = {}
    for order in permutations(tie):
        found.setdefault(tuple((*mask, *bars) for _, mask, _, bars in order), order)
    return found.values()


def follow(line, order, n_steps, window):
    times, done = [], set()
    for ts, mask, _, bars in line:
        if ts - line[0][0] > window or len(times) == n_steps:
            break
        n = len(times)
        serves = mask[n] if order != "any" else any(mask[step] and step not in done for step in range(n_steps))
        if any(after <= n < before and not (serves and before == n + 1) for after, before in bars):
            break  # an excluded event between the two steps
        if order == "any":
            open_steps = [step for step in range(n_steps) if mask[step] and step not in done]
            if open_steps:
                done.add(open_steps[0])
                times.append(ts)
            elif not times:
                return ()
        elif mask[len(times)]:
            times.append(ts)
        elif order == "strict" or not times:
            break
    return tuple(times)


# retention, stickiness, lifecycle


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


# adoption


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


# what goes with it


def goes_with(question, world):
    asked = Asked({**question, "interval": "day"}, world)
    now = datetime(2024, 6, 1, 12, tzinfo=UTC)
    last = (now - timedelta(days=question["until"])).astimezone(asked.zone).date().isoformat()
    began = {
        unit: event["timestamp"]
        for unit, event in first_events(asked, question["target"]).items()
        if question["date_from"] <= asked.local(event).date().isoformat() <= question["date_to"]
        and asked.local(event).date().isoformat() < last
    }

    def units(spec, first, last):
        low, high = timedelta(days=first), timedelta(days=last)
        events = [event for event in asked.events(spec) if asked.unit(event) in began]
        return {asked.unit(event) for event in events if low <= event["timestamp"] - began[asked.unit(event)] < high}

    later = units(question["returning"], question["days"], question["until"])
    own = {question["target"]["event"], question["returning"]["event"]}
    names = {event["event"] for event in asked.events({"event": None})} - own
    did = {name: units({"event": name}, 0, question["days"]) for name in names}
    return {"n": len(began), "later": len(later), "did": {name: (there, there & later) for name, there in did.items()}}


KINDS = {
    "goes_with": goes_with,
    "adoption": adoption,
    "trend": trend,
    "funnel": funnel,
    "retention": retention,
    "stickiness": stickiness,
    "lifecycle": lifecycle,
    "paths": paths,
}
