"""The people or accounts behind a number, as values; knows no database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Behind:
    """One person or account behind a number."""

    no: int
    id: str
    traits: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PeoplePage:
    """A page of the people (or accounts) behind a number, in a stable order; `total` is the number itself."""

    total: int
    page: int
    page_size: int
    unit: str
    people: tuple[Behind, ...]
    data_version: int

    @property
    def n_pages(self) -> int:
        """Return how many pages there are, one at least."""
        return max(1, -(-self.total // self.page_size))


@dataclass(frozen=True)
class Everybody:
    """The people (or accounts) behind a number for a file: `n_rows` of `total`, read while the file is written."""

    total: int
    n_rows: int
    unit: str
    people: Iterator[Behind]
