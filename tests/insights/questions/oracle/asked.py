"""A question, its world, and the words of the definitions as small functions."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
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
