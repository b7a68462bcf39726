"""Where tiles lie: a grid of twelve columns in which tiles never overlap and always float up. Pure; knows no Django.

The browser arranges by the same rules (static/js/dashboard-grid.js), so what is dragged is what is stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

COLUMNS = 12
MAX_HEIGHT = 12
MAX_ROWS = 120
MAX_TILES = 40
DIRECTIONS = ("left", "right", "up", "down", "wider", "narrower", "taller", "shorter")


@dataclass(frozen=True)
class Box:
    """A tile's place: x column from 0 to 11, y row from 0, w 1 to 12 columns, h 1 to 12 rows."""

    id: int
    x: int
    y: int
    w: int
    h: int

    @property
    def bottom(self) -> int:
        """Return the first row below."""
        return self.y + self.h

    def overlaps(self, other: "Box") -> bool:
        """Say whether two boxes share a cell."""
        return (
            self.x < other.x + other.w and other.x < self.x + self.w and self.y < other.bottom and other.y < self.bottom
        )

    def shares_columns(self, other: "Box") -> bool:
        """Say whether two boxes have a column in common."""
        return self.x < other.x + other.w and other.x < self.x + self.w


def fit(box: Box) -> Box:
    """Return the box with its size and place brought inside the grid."""
    w = min(max(box.w, 1), COLUMNS)
    h = min(max(box.h, 1), MAX_HEIGHT)
    return Box(box.id, min(max(box.x, 0), COLUMNS - w), max(box.y, 0), w, h)


def compact(boxes: Iterable[Box], first: int | None = None) -> list[Box]:
    """Return the boxes without overlaps, each as far up as it goes, in reading order.

    Boxes are taken by row, then column; where two want the same row, the box with the id `first` goes before.

    >>> compact([Box(1, 0, 5, 6, 2), Box(2, 0, 9, 6, 2)])
    [Box(id=1, x=0, y=0, w=6, h=2), Box(id=2, x=0, y=2, w=6, h=2)]
    """
    placed: list[Box] = []
    for box in sorted(map(fit, boxes), key=lambda box: (box.y, box.id != first, box.x, box.id)):
        # The lowest bottom among the boxes above it that share a column: nothing can be passed on the way up.
        y = max((other.bottom for other in placed if other.shares_columns(box)), default=0)
        placed.append(replace(box, y=y))
    return sorted(placed, key=lambda box: (box.y, box.x))


def place(boxes: Iterable[Box], id: int, w: int, h: int) -> list[Box]:
    """Return the boxes with a new one in the first gap that is wide enough, searched row by row."""
    taken = compact(boxes)
    new = fit(Box(id, 0, 0, w, h))
    for y in range(max((box.bottom for box in taken), default=0) + 1):
        for x in range(COLUMNS - new.w + 1):
            here = replace(new, x=x, y=y)
            if not any(here.overlaps(box) for box in taken):
                return compact([*taken, here])
    raise AssertionError("below the last tile there is always room")


def move(boxes: Iterable[Box], id: int, x: int, y: int) -> list[Box]:
    """Return the boxes after one was put at a place; what was there makes way downwards."""
    return compact([replace(box, x=x, y=y) if box.id == id else box for box in boxes], first=id)


def resize(boxes: Iterable[Box], id: int, w: int, h: int) -> list[Box]:
    """Return the boxes after one got another size; it keeps its left upper corner where it can."""
    return compact([replace(box, w=w, h=h) if box.id == id else box for box in boxes], first=id)


def step(boxes: Iterable[Box], id: int, direction: str) -> list[Box]:
    """Return the boxes after one step of the keyboard or of a button; at the edge nothing changes.

    Left and right change places with a neighbour of the same row and height, else go one column; up and down pass
    the tile that is next in that direction.
    """
    boxes = compact(boxes)
    box = next(box for box in boxes if box.id == id)
    if direction in {"left", "right"}:
        return _step_sideways(boxes, box, -1 if direction == "left" else 1)
    if direction == "up":
        above = [other for other in boxes if other.shares_columns(box) and other.bottom <= box.y]
        return move(boxes, id, box.x, max(other.y for other in above)) if above else boxes
    if direction == "down":
        below = [other for other in boxes if other.shares_columns(box) and other.y >= box.bottom]
        return move(boxes, id, box.x, min(other.bottom for other in below)) if below else boxes
    change_w, change_h = {"wider": (1, 0), "narrower": (-1, 0), "taller": (0, 1), "shorter": (0, -1)}[direction]
    return resize(boxes, id, max(1, box.w + change_w), max(1, box.h + change_h))


def _step_sideways(boxes: list[Box], box: Box, sign: int) -> list[Box]:
    edge = box.x if sign < 0 else box.x + box.w
    for other in boxes:
        touches = (other.x + other.w if sign < 0 else other.x) == edge
        if touches and other.y == box.y and other.h == box.h and other.id != box.id:
            left, right = (other, box) if sign < 0 else (box, other)
            swapped = {right.id: replace(right, x=left.x), left.id: replace(left, x=left.x + right.w)}
            return compact([swapped.get(one.id, one) for one in boxes])
    return move(boxes, box.id, min(max(box.x + sign, 0), COLUMNS - box.w), box.y)
