"""The shape of a row of counts as points of an SVG polyline; pure."""

from collections.abc import Sequence

WIDTH, HEIGHT = 120, 24


def sparkline_points(values: Sequence[float]) -> str:
    """Return the points of a line through counts, in a box of 120 by 24; zero lies at the bottom.

    >>> sparkline_points([0, 2, 1])
    '0,23 60,1 120,12'
    """
    if not values:
        return ""
    top = max(*values, 1) if len(values) > 1 else max(values[0], 1)
    step = WIDTH / max(len(values) - 1, 1)
    points = [(number * step, HEIGHT - 1 - (HEIGHT - 2) * value / top) for number, value in enumerate(values)]
    if len(points) == 1:
        points.append((WIDTH, points[0][1]))
    return " ".join(f"{x:.4g},{y:.4g}" for x, y in points)
