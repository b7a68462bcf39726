"""Words about people that cross the room's wall."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class ReadAlong:
    """What every page asks of who is signed in: read() returns an expression over users, read in their own query.

    The signed in user has it by this name; anybody else, such as the user of a token, does not.
    """

    name: str
    read: Callable[[], Any]


class Role(models.TextChoices):
    """The four roles; each may do what the ones before it may."""

    VIEWER = "viewer", "Viewer"
    PRODUCT_MANAGER = "product_manager", "Product manager"
    OPS = "ops", "Ops"
    ADMIN = "admin", "Admin"

    @property
    def rank(self) -> int:
        """Return the role's place, 0 for viewer."""
        return list(Role).index(self)
