"""Write keys: what a sender shows to put events into one source; only prefix and hash are kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class WriteKeyQuerySet(models.QuerySet):
    """Write keys, by who may see them and whether they open anything."""

    def visible_to(self, user) -> "WriteKeyQuerySet":
        """Keep the keys of sources of products that this user may see."""
        if not getattr(user, "is_active", False):
            return self.none()
        if user.is_ops:
            return self
        mine = Q(source__product__visibility="company") | Q(source__product__team_id__in=user.team_ids)
        return self.filter(mine)

    def valid(self) -> "WriteKeyQuerySet":
        """Keep the keys that open their source now."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


class WriteKey(models.Model):
    """A key of one source. While it is being rotated, the old and the new one are valid side by side."""

    source = models.ForeignKey("insights_events.Source", on_delete=models.CASCADE, related_name="write_keys")
    name = models.CharField(max_length=100, help_text="Where the key is used, such as “web shop”.")
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    expires_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="Set when it is replaced.")
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = WriteKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def team_id(self) -> int:
        """Return the team of the source's product."""
        return self.source.team_id

    @property
    def visibility(self) -> str:
        """Return the visibility of the source's product."""
        return self.source.visibility

    @property
    def is_valid(self) -> bool:
        """Say whether the key opens its source now."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
