"""What crosses the walls of operations: the demo workspace that rooms fill, and how they report progress."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True)
class DemoWorld:
    """What every room's DemoSeed piece gets: the day its events end on, one seed of chance, and the demo's users.

    `users` holds a user by role ("viewer", "product_manager", "ops", "admin"); it is empty where no demo logins are
    made, as in production.
    """

    ends_on: date
    seed: int
    users: dict[str, Any]


class Progress(Protocol):
    """How a piece of work tells how far it is; cheap to call often, it writes at most twice a second."""

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Say that `done` of `total` units are done; `note` is a short phrase for the page."""
