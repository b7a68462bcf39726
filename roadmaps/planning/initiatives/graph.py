"""Where the boxes of a drawing of dependencies stand; knows no database.

What an initiative needs stands left of it, what waits for it right of it: each box one column right of the furthest of
those that it needs.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

WIDTH, HEIGHT = 200, 44
_GAP_X, _GAP_Y, _EDGE = 56, 16, 8


@dataclass(frozen=True)
class Box:
    """One initiative of the drawing: its number and the upper left corner of its box."""

    key: int
    x: int
    y: int

    @property
    def middle_y(self) -> int:
        """Return the height at which arrows come and go."""
        return self.y + HEIGHT // 2


@dataclass(frozen=True)
class Drawing:
    """Boxes, the arrows between them as SVG paths with the pair that they join, and the size of it all."""

    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int, str], ...]
    width: int
    height: int


def depths(keys: Collection[int], needs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return for each initiative how many steps of needs lie left of it at most; a circle ends where it began.

    >>> depths([1, 2, 3], [(3, 2), (2, 1), (3, 1)])
    {1: 0, 2: 1, 3: 2}
    """
    before: dict[int, list[int]] = {key: [] for key in keys}
    for key, needed in needs:
        if key in before and needed in before:
            before[key].append(needed)
    found: dict[int, int] = {}

    def depth(key: int, path: frozenset[int]) -> int:
        if key not in found:
            steps = [depth(one, path | {key}) + 1 for one in before[key] if one not in path and one != key]
            found[key] = max(steps, default=0)
        return found[key]

    for key in keys:
        depth(key, frozenset())
    return found


def draw(titles: Mapping[int, str], needs: Collection[tuple[int, int]]) -> Drawing:
    """Return where initiatives stand and which arrows join them; an arrow goes from what is needed to what needs it."""
    columns: dict[int, list[int]] = {}
    for key, depth in sorted(depths(list(titles), needs).items(), key=lambda one: (one[1], titles[one[0]], one[0])):
        columns.setdefault(depth, []).append(key)
    n_rows = max(map(len, columns.values()), default=0)
    height = 2 * _EDGE + n_rows * (HEIGHT + _GAP_Y) - _GAP_Y
    boxes = {}
    for depth, keys in columns.items():
        top = (height - (len(keys) * (HEIGHT + _GAP_Y) - _GAP_Y)) // 2
        for row, key in enumerate(keys):
            boxes[key] = Box(key, _EDGE + depth * (WIDTH + _GAP_X), top + row * (HEIGHT + _GAP_Y))
    arrows = [(key, needed, _path(boxes[needed], boxes[key])) for key, needed in needs if {key, needed} <= boxes.keys()]
    width = 2 * _EDGE + len(columns) * (WIDTH + _GAP_X) - _GAP_X
    return Drawing(tuple(boxes.values()), tuple(arrows), width, max(height, 0))


def _path(start: Box, end: Box) -> str:
    from_x, to_x = start.x + WIDTH, end.x - 6
    bend = max(_GAP_X // 2, (to_x - from_x) // 3)
    middle = f"{from_x + bend} {start.middle_y} {to_x - bend} {end.middle_y}"
    return f"M{from_x} {start.middle_y} C{middle} {to_x} {end.middle_y}"
