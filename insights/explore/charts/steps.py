"""The funnel: a bar a step, its share of the first step, and how many came."""

from typing import Any

from insights.explore.charts import frame
from insights.explore.charts.reading import MOST_DRAWN
from insights.explore.charts.words import say_breakdown, say_number, say_rate
from insights.explore.contracts import Note
from portal.shell.contracts import say_duration

Step = dict[str, Any]


def step_groups(answer: dict[str, Any]) -> dict[str, list[Step]]:
    """Return the steps by breakdown value, "" without one."""
    groups: dict[str, list[Step]] = {}
    for step in answer["steps"]:
        name = "" if step.get("breakdown") is None else say_breakdown(step["breakdown"])
        groups.setdefault(name, []).append(step)
    return groups


def rate_of(step: Step, key: str = "from_first") -> float | None:
    """Return a step's rate 0-1; None where there are too few people to say."""
    return step.get(key)


def say_interval(step: Step, key: str = "from_first") -> str:
    """Return the 95 % interval of a step's rate, "" where none is given."""
    return say_bounds((step.get("rates") or {}).get(key))


def say_bounds(rate: dict[str, Any] | None) -> str:
    """Return the bounds of a rate with its interval, "" where there is none."""
    if not rate or rate.get("low") is None or rate.get("high") is None:
        return ""
    return f"{say_rate(rate['low'])} to {say_rate(rate['high'])}".replace(" % to", " to")


def n_lost(steps: list[Step], place: int) -> int:
    """Return how many came to the step before and not to this one; an optional step holds nobody up."""
    step = steps[place]
    lost: int = step["dropped"] if "dropped" in step else steps[place - 1]["count"] - step["count"]
    return lost


def say_before(steps: list[Step], place: int) -> str:
    """Return what the step before is called: beside optional steps the last one that is required."""
    has_optional = any(step.get("optional") for step in steps[: place + 1])
    return "required step before" if has_optional else "step before"


def say_step(step: Step, number: int) -> str:
    """Return a step with its number and, where it is so, that it is optional."""
    return f"{number}. {step['name']}" + (" (optional)" if step.get("optional") else "")


def _hover(steps: list[Step], place: int, n_first: int) -> str:
    step = steps[place]
    rows = [f"{say_number(step['count'])} of {say_number(n_first)}"]
    interval = say_interval(step)
    rows.append(f"{say_rate(rate_of(step))} of the first step" + (f" ({interval})" if interval else ""))
    if place:
        rows.append(f"{say_rate(rate_of(step, 'from_previous'))} of the {say_before(steps, place)}")
        rows.append(
            f"{say_number(n_lost(steps, place))} {'left it out' if step.get('optional') else 'did not get here'}"
        )
        if step.get("median_s") is not None:
            rows.append(f"median {say_duration(step['median_s'])} since the {say_before(steps, place)}")
    return "<br>".join(rows)


def build_funnel(answer: dict[str, Any], notes: list[Note]) -> dict[str, Any]:
    """Draw a bar a step, as long as its share of the first step; grouped where it is broken down."""
    groups = step_groups(answer)
    traces: list[dict[str, Any]] = []
    for number, (name, steps) in enumerate(list(groups.items())[:MOST_DRAWN]):
        n_first = steps[0]["count"] if steps else 0
        shares = [step["count"] / n_first if n_first else 0 for step in steps]
        names = [
            frame.escape(say_step({**step, "name": frame.shorten(str(step["name"]), 28)}, place))
            for place, step in enumerate(steps, 1)
        ]
        rates = [rate_of(step) for step in steps]
        texts = [
            f"{'too few to say' if rate is None else say_rate(rate)} · {say_number(step['count'])}"
            for rate, step in zip(rates, steps, strict=True)
        ]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": frame.escape(name) or "all",
                "y": names,
                "x": shares,
                "text": texts,
                "textposition": "outside",
                "textfont": {"color": "var(--text)", "size": 12},
                "cliponaxis": False,
                "customdata": [[_hover(steps, place, n_first), f"{number}-{place}"] for place, _ in enumerate(steps)],
                "hovertemplate": "%{customdata[0]}<extra>" + frame.escape(name) + "</extra>",
                "marker": {
                    "color": frame.colour(number),
                    "line": {"width": 0},
                    "opacity": [0.45 if step.get("optional") else 1 for step in steps],
                },
            }
        )
    layout = frame.base_layout(
        xaxis={"range": [0, 1.01], "visible": False, "fixedrange": True},
        yaxis={
            "autorange": "reversed",
            "automargin": "width",
            "fixedrange": True,
            "ticks": "",
            "tickfont": {"color": "var(--text)", "size": 13},
        },
        barmode="group",
        bargap=0.42,
    )
    longest = max((len(text) for trace in traces for text in trace["text"]), default=0)
    layout["margin"] |= {"t": 8, "b": 8, "r": round(longest * 6.6) + 12}
    if len(traces) > 1:
        layout |= {"showlegend": True, "legend": frame.legend()}
        layout["margin"]["t"] = 40
    return {"data": traces, "layout": layout}
