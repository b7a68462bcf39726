"""Funnels: attempts from every beginning, over all orders of what stands at one moment."""

import math
from collections import defaultdict
from datetime import timedelta
from itertools import groupby, permutations, product

from tests.insights.questions.oracle.asked import Asked


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
