"""What the page of a theme says of those who ask for it; no Django."""

from dataclasses import dataclass

from insights.contacts.contracts import Named
from insights.voice.demand.weighting import Share


@dataclass(frozen=True)
class Doing:
    """What some people or accounts did in the weeks that were looked at: used the area, only other things, nothing."""

    n_used: int
    n_other: int
    n_silent: int = 0

    @property
    def n_all(self) -> int:
        """Return how many they are."""
        return self.n_used + self.n_other + self.n_silent

    @property
    def n_active(self) -> int:
        """Return how many did anything."""
        return self.n_used + self.n_other


@dataclass(frozen=True)
class SayAndDo:
    """Whether those who ask use the area: `asking` against `everybody`, all who were active; shares as in rates.

    `verdict` is "more", "less" or "same", where both shares can be told, else "".
    """

    unit: str
    asking: Doing
    everybody: Doing
    share: Share
    share_of_everybody: Share
    verdict: str


@dataclass(frozen=True)
class LoudAccount:
    """One of the loudest accounts; without a name for those who may not know it."""

    n_pieces: int
    account: Named | None = None
