"""What the paths of a question come to: edges between events, those that are shown, the rest, and where paths stop.

An edge is a number made of its step and its two ends, an event of a step one made of step and name; both count units.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from insights.questions.contracts import PathsQuestion
from insights.questions.paths_kernel import Counted, Paths, count_units, in_two, join, medians

Array = Any
Edge = tuple[int, int | None, int | None]  # step from 0, places of the two names; None is "other"
Shown = list[list[int]]  # the places of the names that are shown in each step


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

    @property
    def size(self) -> int:
        """Return how many places there are, that of "other" among them."""
        return len(self.names) + 1

    @cached_property
    def units(self) -> Array:
        """Return each path's unit as a small number; paths are sorted by unit."""
        owners = self.paths.units
        return np.cumsum(np.r_[False, owners[1:] != owners[:-1]][: len(owners)])

    @cached_property
    def owners(self) -> Array:
        """Return the number of the person or account that each small number stands for."""
        owners = self.paths.units
        return owners[np.r_[True, owners[1:] != owners[:-1]][: len(owners)]]

    @property
    def anchor(self) -> int:
        """Return the step of the starts (or ends)."""
        return self.question.steps - 1 if self.question.is_backward else 0

    @cached_property
    def passages(self) -> tuple[Array, Array, Counted]:
        """Return every way from one event to the next, step by step: edges as numbers, their units, microseconds."""
        found = in_two(self._passages_from, [(step,) for step in range(self.question.steps - 1)])
        edges, took, counted = zip(*found, strict=True)
        return np.concatenate(edges), np.concatenate(took), join(counted)

    def _passages_from(self, step: int) -> tuple[Array, Array, Counted]:
        events, times = self.paths.events, self.paths.times
        # Paths are filled from one side, so the event on the other one is there too.
        rows = np.flatnonzero(events[step if self.question.is_backward else step + 1] >= 0)
        edges = (step * self.size + events[step][rows].astype(np.int64)) * self.size + events[step + 1][rows]
        return edges, times[step + 1][rows] - times[step][rows], count_units(edges, self.units[rows])

    @property
    def edges(self) -> Counted:
        """Return the units of every edge."""
        return self.passages[2]

    @cached_property
    def events(self) -> Counted:
        """Return the units of every event of a step; its number is made of step and place."""
        return self._count_events(self.paths.events >= 0)

    @cached_property
    def ended(self) -> Counted:
        """Return the same for those whose path ends there (backward: begins there)."""
        is_there = self.paths.events >= 0
        stops = is_there.copy()
        if self.question.is_backward:
            stops[1:] &= ~is_there[:-1]
            stops[0] &= self.paths.is_whole
        else:
            stops[:-1] &= ~is_there[1:]
            stops[-1] &= self.paths.is_whole
        return self._count_events(stops)

    def _count_events(self, is_meant: Array) -> Counted:
        def count(step: int) -> Counted:
            rows = np.flatnonzero(is_meant[step])
            return count_units(step * self.size + self.paths.events[step][rows].astype(np.int64), self.units[rows])

        return join(in_two(count, [(step,) for step in range(self.question.steps)]))

    def edge_of(self, number: int) -> Edge:
        """Return the edge that a number stands for; one place more than there are names is "other"."""
        rest, to = divmod(number, self.size)
        step, start = divmod(rest, self.size)
        return step, None if start == self.n_names else start, None if to == self.n_names else to

    def number_of(self, edge: Edge) -> int:
        """Return the number that stands for an edge."""
        step, *ends = edge
        start, to = (self.n_names if end is None else end for end in ends)
        return (step * self.size + start) * self.size + to

    @cached_property
    def shown(self) -> dict[int, int]:
        """Return the most frequent edges and how many units each has, most first, ties by step and names."""
        if self.forced is not None:
            found = self.edges.as_dict()
            return {number: found.get(number, 0) for number in self._forced_numbers()}
        best = np.argsort(-self.edges.counts, kind="stable")[: self.question.edges]
        return dict(zip(self.edges.numbers[best].tolist(), self.edges.counts[best].tolist(), strict=True))

    def _forced_numbers(self) -> list[int]:
        places = {name: place for place, name in enumerate(self.names)}
        edges = [json.loads(text) for text in self.forced or ()]
        return [self.number_of((step, places[start], places[to])) for step, start, to in edges]

    @cached_property
    def shown_places(self) -> Shown:
        """Return for each step the names that are shown there: those of shown edges, and the commonest anchors."""
        found: list[set[Any]] = [set() for _ in range(self.question.steps)]
        for number in self.shown:
            step, start, to = self.edge_of(number)
            found[step].add(start)
            found[step + 1].add(to)
        found[self.anchor] |= set(self.commonest(self.anchor, self.question.edges))
        return [sorted(places) for places in found]

    def commonest(self, step: int, most: int) -> list[int]:
        """Return the commonest names of a step."""
        numbers = self.events.numbers
        first, past = np.searchsorted(numbers, [step * self.size, (step + 1) * self.size])
        best = np.argsort(-self.events.counts[first:past], kind="stable")[:most]
        return (numbers[first:past][best] - step * self.size).tolist()

    def _labels(self, shown: Shown) -> Array:
        """Return by number of an event of a step its place, or that of "other" where it is not shown."""
        labels = np.full(self.question.steps * self.size, self.n_names)
        for step, places in enumerate(shown):
            labels[np.array(places, np.int64) + step * self.size] = places
        return labels

    def events_shown(self, counted: Counted, shown: Shown) -> dict[int, Counted]:
        """Return by step the units of every place, with names that are not shown as "other"."""
        steps = counted.numbers // self.size
        labels = self._labels(shown)[counted.numbers]
        return {step: counted.relabelled(labels, steps == step) for step in range(self.question.steps)}

    def edges_shown(self, shown: Shown) -> Counted:
        """Return the units of every edge between names that are shown and "other"."""
        return self.edges.relabelled(self._between(shown, shown))

    def _between(self, starts: Shown, ends: Shown) -> Array:
        """Return the number of each edge once the names that are not shown are "other"."""
        numbers, to = np.divmod(self.edges.numbers, self.size)
        steps = numbers // self.size
        froms = self._labels(starts)[numbers]
        tos = self._labels(ends)[(steps + 1) * self.size + to]
        return (steps * self.size + froms) * self.size + tos

    @cached_property
    def _is_shown(self) -> Array:
        return np.isin(self.edges.numbers, list(self.shown))

    @cached_property
    def _rest_numbers(self) -> Array:
        """Return what each edge counts as unless it is shown: from (or to) its anchor if that is shown, to "other".

        Its other end is always "other", also where its name is shown: it is the edge that is not.
        """
        nobody: Shown = [[] for _ in self.shown_places]
        ends = (nobody, self.shown_places) if self.question.is_backward else (self.shown_places, nobody)
        return self._between(*ends)

    @cached_property
    def rest(self) -> Counted:
        """Return the units of the edges that are not shown, together."""
        return self.edges.relabelled(self._rest_numbers, ~self._is_shown)

    @cached_property
    def median_s(self) -> dict[int, float]:
        """Return the median seconds of every passage along an edge, by its number or that of the rest it is in."""
        edges, took, _ = self.passages
        if not len(edges):
            return {}
        counted_as = np.where(self._is_shown, self.edges.numbers, self._rest_numbers)
        names, places = np.unique(counted_as, return_inverse=True)
        place_of = np.zeros(int(self.edges.numbers[-1]) + 1, np.int32)
        place_of[self.edges.numbers] = places
        found = medians(place_of[edges], took, len(names)) / 1_000_000
        return dict(zip(names.tolist(), found.tolist(), strict=True))
