"""The chart of two inputs: axes, and a bubble for each initiative that has both."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.people.public import can
from roadmaps.planning.priorities.contracts import Axis, Bubble, Order
from roadmaps.planning.priorities.ordering import HEIGHT, WIDTH, build_axis, place_on
from roadmaps.planning.scoring.contracts import Definition, Given, Input
from roadmaps.planning.scoring.public import Score, ScoringModel, given_of, say_number

MOST_BUBBLES = 60
_LEAST_RADIUS, _MORE_RADIUS = 7.0, 15.0


@dataclass(frozen=True)
class Chart:
    """A chart of two inputs: value upwards, effort to the right, as a rule."""

    x: Axis
    y: Axis
    bubbles: tuple[Bubble, ...]
    n_left_out: int
    offers: tuple[Input, ...]
    width: float = WIDTH
    height: float = HEIGHT


def axes_of(definition: Definition, asked: Any) -> tuple[Input, Input]:
    """Return the inputs to the right and upwards: those that are asked for, else effort (or the last) and the first."""
    inputs = definition.inputs
    usual = next((one for one in inputs if one.role == "effort"), inputs[-1])
    x = definition.find(asked.get("x", "")) or usual
    y = definition.find(asked.get("y", "")) or next((one for one in inputs if one.key != x.key), inputs[0])
    return x, y


def draw_chart(rows: QuerySet, model: ScoringModel, order: Order, user: Any, asked: Any) -> Chart:
    """Return the chart of the first initiatives of an order that have both inputs."""
    definition = model.definition
    x_input, y_input = axes_of(definition, asked)
    first = [one.key for one in order.ranked[:MOST_BUBBLES]]
    things = {one.pk: one for one in rows.filter(pk__in=first).select_related("team")}
    scores = Score.objects.filter(model=model, initiative__in=things).order_by("pk")
    given = {one.initiative_id: (one, given_of(one, definition)) for one in scores.select_related("model")}
    shown = [key for key in first if key in given and {x_input.key, y_input.key} <= given[key][1].keys()]
    said = {key: given[key][1] for key in shown}
    x = _axis(x_input, [said[key][x_input.key].likely for key in shown], WIDTH, flipped=False)
    y = _axis(y_input, [said[key][y_input.key].likely for key in shown], HEIGHT, flipped=True)
    largest = max((abs(one.value) for one in order.ranked), default=1.0) or 1.0
    values = {one.key: one.value for one in order.ranked}
    bubbles = tuple(
        _bubble(things[key], given[key][0], said[key], x, y, order, abs(values[key]) / largest, user)
        for key in shown
        if key in things
    )
    return Chart(x, y, bubbles, len(order.ranked) - len(bubbles), definition.inputs)


def _axis(asked: Input, values: list[float], length: float, *, flipped: bool) -> Axis:
    steps = [one.value for one in asked.rungs]
    label = f"{asked.label}, {asked.unit}" if asked.unit else asked.label
    return build_axis(
        asked.key, label, values, least=asked.least, most=asked.most, length=length, flipped=flipped, steps=steps
    )


def _bubble(
    thing: Any, score: Score, given: dict[str, Given], x: Axis, y: Axis, order: Order, share: float, user: Any
) -> Bubble:
    at_x, at_y = given[x.key], given[y.key]
    may_move = can(user, "scores.edit", thing) and not at_x.bound and not at_y.bound
    return Bubble(
        key=thing.pk,
        title=thing.title,
        url=score.get_absolute_url(),
        x=at_x.likely,
        y=at_y.likely,
        left=place_on(x, at_x.likely, WIDTH, flipped=False),
        top=place_on(y, at_y.likely, HEIGHT, flipped=True),
        radius=round(_LEAST_RADIUS + _MORE_RADIUS * share**0.5, 1),
        rank=order.places[thing.pk].rank,
        version=score.version,
        may_move=may_move,
        said_x=say_number(at_x.likely),
        said_y=say_number(at_y.likely),
    )


def axes_json(chart: Chart, x: Input, y: Input) -> dict[str, Any]:
    """Return what the page's script needs of the axes: where values lie, and what may be given."""

    def told(axis: Axis, asked: Input) -> dict[str, Any]:
        ends = {"least": axis.least, "most": axis.most, "low": asked.least, "high": asked.most}
        return {"key": axis.key, "label": axis.label, "steps": list(axis.steps), **ends}

    return {"x": told(chart.x, x), "y": told(chart.y, y), "width": chart.width, "height": chart.height}
