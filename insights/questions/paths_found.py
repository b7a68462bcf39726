"""What the paths of a question come to: edges between events, those that are shown, the rest, and where paths stop."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from insights.questions.contracts import PathsQuestion
from insights.questions.paths_kernel import Paths, count_units

Array = Any
Edge = tuple[int, int | None, int | None]  # step from 0, places of the two names; None is "other"


@dataclass(frozen=True)
class FoundPaths:
    """All paths of a question and the names of their events, by place; what is asked of them more than once."""

    question: PathsQuestion
    paths: Paths
    names: list[str]
    forced: tuple[str, ...] | None

    @property
    def n_names(self) -> int:
        """Return how many names there are; as a place it stands for "other"."""
        return len(self.names)

    @cached_property
    def units(self) -> Array:
        """Return each path's unit as a small number; paths are sorted by unit."""
        owners = self.paths.units
        return np.cumsum(np.r_[False, owners[1:] != owners[:-1]][: len(owners)])

    @property
    def anchor(self) -> int:
        """Return the column of the starts (or ends)."""
        return self.question.steps - 1 if self.question.is_backward else 0

    @cached_property
    def passages(self) -> tuple[Array, Array, Array]:
        """Return every step from one event to the next: edge as a number, row of the path, time in microseconds."""
        return passages_of(self.paths.events, self.paths.times, self.n_names)

    def edge_of(self, number: int) -> Edge:
        """Return the edge that a number stands for; one place more than there are names is "other"."""
        rest, to = divmod(number, self.n_names + 1)
        step, start = divmod(rest, self.n_names + 1)
        return step, None if start == self.n_names else start, None if to == self.n_names else to

    def number_of(self, edge: Edge) -> int:
        """Return the number that stands for an edge."""
        step, *ends = edge
        start, to = (self.n_names if end is None else end for end in ends)
        return (step * (self.n_names + 1) + start) * (self.n_names + 1) + to

    @cached_property
    def shown(self) -> dict[int, int]:
        """Return the most frequent edges and how many units each has, most first, ties by step and names."""
        edges, rows, _ = self.passages
        numbers, counts = count_units(edges, self.units[rows])
        if self.forced is not None:
            found = dict(zip(numbers.tolist(), counts.tolist(), strict=True))
            return {number: found.get(number, 0) for number in self._forced_numbers()}
        best = np.argsort(-counts, kind="stable")[: self.question.edges]
        return dict(zip(numbers[best].tolist(), counts[best].tolist(), strict=True))

    def _forced_numbers(self) -> list[int]:
        places = {name: place for place, name in enumerate(self.names)}
        edges = [json.loads(text) for text in self.forced or ()]
        return [self.number_of((step, places[start], places[to])) for step, start, to in edges]

    @cached_property
    def shown_places(self) -> list[list[int]]:
        """Return for each column the names that are shown there: those of shown edges, and the commonest anchors."""
        found: list[set[Any]] = [set() for _ in range(self.question.steps)]
        for number in self.shown:
            step, start, to = self.edge_of(number)
            found[step].add(start)
            found[step + 1].add(to)
        found[self.anchor] |= set(self.column_counts(self.anchor, self.question.edges))
        return [sorted(places) for places in found]

    def column_counts(self, column: int, most: int) -> dict[int, int]:
        """Return the commonest names of a column and how many units each has there."""
        events = self.paths.events[:, column]
        names, counts = count_units(events[events >= 0], self.units[events >= 0])
        best = np.argsort(-counts, kind="stable")[:most]
        return dict(zip(names[best].tolist(), counts[best].tolist(), strict=True))

    def relabelled(self, shown: list[list[int]]) -> Array:
        """Return the paths' events with every name of a column that is not shown there as "other"."""
        events = self.paths.events.copy()
        for column, places in enumerate(shown):
            is_rest = (events[:, column] >= 0) & ~np.isin(events[:, column], places)
            events[is_rest, column] = self.n_names
        return events

    @cached_property
    def labelled(self) -> Array:
        """Return the paths' events with names that are not shown as "other"."""
        return self.relabelled(self.shown_places)

    @cached_property
    def rest(self) -> tuple[Array, Array, Array]:
        """Return the passages of edges that are not shown, under "other": from (or to) their anchor if that is shown.

        Their other end is always "other", also where its name is shown: it is the edge that is not.
        """
        edges, rows, took = self.passages
        is_rest = ~np.isin(edges, list(self.shown))
        edges, rows, took = edges[is_rest], rows[is_rest], took[is_rest]
        size = self.n_names + 1
        steps = edges // (size * size)
        column = steps + 1 if self.question.is_backward else steps
        near = self.labelled[rows, column]
        far = np.full(len(near), self.n_names)
        starts, ends = (far, near) if self.question.is_backward else (near, far)
        return (steps * size + starts) * size + ends, rows, took

    @cached_property
    def stops(self) -> Array:
        """Say for each path and column whether the path ends there (backward: begins there)."""
        is_there = self.paths.events >= 0
        found = np.zeros(is_there.shape, bool)
        if self.question.is_backward:
            found[:, 1:] = is_there[:, 1:] & ~is_there[:, :-1]
            found[:, 0] = is_there[:, 0] & self.paths.is_whole
        else:
            found[:, :-1] = is_there[:, :-1] & ~is_there[:, 1:]
            found[:, -1] = is_there[:, -1] & self.paths.is_whole
        return found


def passages_of(events: Array, times: Array, n_names: int) -> tuple[Array, Array, Array]:
    """Return every step from one event to the next: edge as a number, row of the path, time in microseconds."""
    rows, steps = np.nonzero(events[:, 1:] >= 0)
    is_passage = events[rows, steps] >= 0
    rows, steps = rows[is_passage], steps[is_passage]
    size = n_names + 1
    edges = (steps * size + events[rows, steps]) * size + events[rows, steps + 1]
    return edges, rows, times[rows, steps + 1] - times[rows, steps]
