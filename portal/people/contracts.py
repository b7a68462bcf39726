"""Words about people that cross the room's wall."""

from django.db import models


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
