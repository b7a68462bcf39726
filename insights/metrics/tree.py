"""The arithmetic of metric trees: what parts come to, the gap to the whole, and whose change its change is. Pure.

A sum adds its parts with their signs, a product multiplies them, a ratio divides the first by the second. Shares count
as 0 to 1.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

TOLERANCE = 1e-9  # relative; what floats lose


@dataclass(frozen=True)
class Reckoning:
    """A whole beside what its parts come to.

    reckoned — the parts put together by the rule; None where one is missing or something is divided by 0. gap — whole -
    reckoned; 0 where they agree within what floats lose. shares — of each part, how much of the change of `reckoned` is
    its own; they add up to that change; None where that cannot be told (a part of 0 or less in a product or a ratio).
    """

    reckoned: float | None
    gap: float | None
    shares: tuple[float, ...] | None

    @property
    def agrees(self) -> bool:
        """Say whether the parts come to the whole."""
        return self.gap == 0


def put_together(rule: str, parts: Sequence[float | None], signs: Sequence[int]) -> float | None:
    """Return what parts come to; None where one is missing or the second of a ratio is 0.

    >>> put_together("sum", [3, 5], [1, -1]), put_together("ratio", [3, 4], [1, 1])
    (-2.0, 0.75)
    """
    known = [float(part) for part in parts if part is not None]
    if len(known) < len(parts) or not known:
        return None
    if rule == "sum":
        return math.fsum(sign * part for sign, part in zip(signs, known, strict=True))
    if rule == "product":
        return math.prod(known)
    return known[0] / known[1] if len(known) == 2 and known[1] else None


def shares_of_change(
    rule: str, after: Sequence[float | None], before: Sequence[float | None], signs: Sequence[int]
) -> tuple[float, ...] | None:
    """Return how much of the change each part is; the shares add up to the change of what the parts come to.

    A sum's are its parts' own changes. A product's and a ratio's are by the logarithmic mean (LMDI: Ang 2005, Energy
    Policy 33, 867-871), which leaves no rest; it needs parts above 0.
    >>> shares_of_change("product", [6, 2], [3, 2], [1, 1])
    (6.0, 0.0)
    """
    now, then = put_together(rule, after, signs), put_together(rule, before, signs)
    pairs = [(a, b) for a, b in zip(after, before, strict=True) if a is not None and b is not None]
    if now is None or then is None or len(pairs) < len(after):
        return None
    if rule == "sum":
        return tuple(sign * (a - b) for sign, (a, b) in zip(signs, pairs, strict=True))
    if any(a <= 0 or b <= 0 for a, b in pairs):
        return None
    mean = now if math.isclose(now, then, rel_tol=1e-12) else (now - then) / math.log(now / then)
    powers = [1.0] * len(pairs) if rule == "product" else [1.0, -1.0]
    return tuple(power * mean * math.log(a / b) for power, (a, b) in zip(powers, pairs, strict=True))


def reckon(
    rule: str,
    whole: float | None,
    after: Sequence[float | None],
    before: Sequence[float | None],
    signs: Sequence[int],
) -> Reckoning:
    """Return a whole beside what its parts come to."""
    reckoned = put_together(rule, after, signs)
    gap = None
    if reckoned is not None and whole is not None:
        gap = whole - reckoned
        if abs(gap) <= TOLERANCE * max(1.0, abs(whole), abs(reckoned)):
            gap = 0.0
    return Reckoning(reckoned, gap, shares_of_change(rule, after, before, signs))
