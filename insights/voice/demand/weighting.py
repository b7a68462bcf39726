"""From those who speak to all customers: post-stratification, and the share of the loudest; knows no database."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from insights.explore.charts.words import say_rate
from insights.questions.rates import MIN_N, rate_of, wilson_interval

N_LOUDEST = 5


@dataclass(frozen=True)
class Share:
    """k of n with its Wilson 95 % interval, all in 0-1; None under five."""

    k: int
    n: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def text(self) -> str:
        """Return it as pages show it: "41 %", a dash where it cannot be told."""
        return say_rate(self.rate)

    @property
    def interval(self) -> str:
        """Return its interval in words, or why there is none."""
        if self.rate is None:
            return f"too few to say (n = {self.n})"
        return f"{say_rate(self.low)} to {say_rate(self.high)}"


def share_of(k: int, n: int) -> Share:
    """Return a share with its interval.

    >>> share_of(8, 10).interval, share_of(1, 2).interval
    ('49 % to 94.3 %', 'too few to say (n = 2)')
    """
    found = rate_of(k, n)
    return Share(k, n, found["rate"], found["low"], found["high"])


@dataclass(frozen=True)
class Stratum:
    """One segment: how many accounts there are, how many of them said anything, how many of those asked for this."""

    name: str
    n_accounts: int
    n_spoke: int
    n_asked: int

    @property
    def share(self) -> Share:
        """Return the share of those who speak that asked."""
        return share_of(self.n_asked, self.n_spoke)


@dataclass(frozen=True)
class Estimate:
    """What share of all accounts would ask, were every segment heard as much as it is large; rates are in 0-1.

    It holds for the `n_covered` of `n_accounts` accounts in whose segments somebody spoke. `at_least` and `at_most` are
    its bounds for all accounts: nobody, or everybody, of the unheard segments would ask.
    """

    rate: float
    low: float
    high: float
    n_covered: int
    n_accounts: int

    @property
    def text(self) -> str:
        """Return the share in words."""
        return say_rate(self.rate)

    @property
    def interval(self) -> str:
        """Return its interval in words."""
        return f"{say_rate(self.low)} to {say_rate(self.high)}"

    @property
    def bounds(self) -> str:
        """Return between what the share of all accounts lies, the unheard ones among them, in words."""
        return f"{say_rate(self.at_least)} to {say_rate(self.at_most)}"

    @property
    def n_asking(self) -> int:
        """Return about how many accounts that is."""
        return round(self.rate * self.n_covered)

    @property
    def n_low(self) -> int:
        """Return the lower end in accounts."""
        return round(self.low * self.n_covered)

    @property
    def n_high(self) -> int:
        """Return the upper end in accounts."""
        return round(self.high * self.n_covered)

    @property
    def at_least(self) -> float:
        """Return the share of all accounts if nobody of the unheard segments asked."""
        return self.rate * self.n_covered / self.n_accounts

    @property
    def at_most(self) -> float:
        """Return the share of all accounts if everybody of the unheard segments asked."""
        return self.at_least + (self.n_accounts - self.n_covered) / self.n_accounts


def post_stratify(strata: Iterable[Stratum]) -> Estimate | None:
    """Return the share of all accounts that would ask, weighted by segment; None where fewer than five speak.

    p = Σ W·k/n with W = N / ΣN over the segments in which somebody spoke (n > 0). The interval joins the Wilson 95 %
    intervals (l, u) of the segments: p - √Σ W²(k/n - l)² to p + √Σ W²(u - k/n)², which holds for few speakers and for
    shares of 0 and 1, where the usual standard error is 0.
    Parameters: strata — 0 <= n_asked <= n_spoke <= n_accounts each. Raises: ValueError for counts out of range.
    Source: Holt and Smith (1979), J. R. Stat. Soc. A 142, 33-46; for the interval Zou, Huang and Zhang (2009),
    Comput. Stat. Data Anal. 53, 1080-1085.
    >>> found = post_stratify([Stratum("large", 20, 10, 8), Stratum("small", 80, 10, 1)])
    >>> round(found.rate, 3), round(found.low, 3), round(found.high, 3), found.n_asking
    (0.24, 0.15, 0.485, 24)
    """
    rows = list(strata)
    if any(not 0 <= row.n_asked <= row.n_spoke <= row.n_accounts for row in rows):
        raise ValueError("of a segment's accounts some speak, and of those some ask")
    heard = [row for row in rows if row.n_spoke]
    if sum(row.n_spoke for row in heard) < MIN_N:
        return None
    n_covered, rate, below, above = sum(row.n_accounts for row in heard), 0.0, 0.0, 0.0
    for row in heard:
        weight, share = row.n_accounts / n_covered, row.n_asked / row.n_spoke
        low, high = wilson_interval(row.n_asked, row.n_spoke)
        rate += weight * share
        below += (weight * (share - low)) ** 2
        above += (weight * (high - share)) ** 2
    low, high = max(0.0, rate - math.sqrt(below)), min(1.0, rate + math.sqrt(above))
    return Estimate(rate, low, high, n_covered, sum(row.n_accounts for row in rows))


@dataclass(frozen=True)
class Loudest:
    """How much the loudest accounts said: `accounts` are (number, pieces), the loudest first."""

    accounts: tuple[tuple[int, int], ...]
    n_pieces: int
    n_accounts: int

    @property
    def n_said(self) -> int:
        """Return how many pieces are theirs."""
        return sum(n for _, n in self.accounts)

    @property
    def share(self) -> float | None:
        """Return their share of the pieces, 0 to 1."""
        return self.n_said / self.n_pieces if self.n_pieces else None

    @property
    def share_of_accounts(self) -> float | None:
        """Return their share of the accounts that asked: what they weigh where each account counts once."""
        return len(self.accounts) / self.n_accounts if self.n_accounts else None

    @property
    def share_text(self) -> str:
        """Return their share of the pieces in words."""
        return say_rate(self.share)

    @property
    def share_of_accounts_text(self) -> str:
        """Return their share of the accounts in words."""
        return say_rate(self.share_of_accounts)


def find_loudest(pieces_by_account: Mapping[int, int], most: int = N_LOUDEST) -> Loudest:
    """Return the accounts with the most pieces; of equal ones those with the lower number.

    >>> find_loudest({7: 4, 8: 1, 9: 1}, most=1)
    Loudest(accounts=((7, 4),), n_pieces=6, n_accounts=3)
    """
    ordered = sorted(pieces_by_account.items(), key=lambda item: (-item[1], item[0]))
    return Loudest(tuple(ordered[:most]), sum(pieces_by_account.values()), len(ordered))
