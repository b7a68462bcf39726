"""What the intake of feedback keeps: the themes that imports made, and the inlets of webhooks."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from portal.people.public import Visibility


class ImportedTheme(models.Model):
    """A theme that an import made out of a file's labels; an undo removes it unless something else uses it by then."""

    batch = models.ForeignKey("insights_imports.Import", on_delete=models.CASCADE, related_name="+")
    theme = models.OneToOneField("insights_voice_themes.Theme", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"theme {self.theme_id} of import {self.batch_id}"


class InletQuerySet(models.QuerySet):
    """Inlets, by who may see them and whether they are open."""

    def visible_to(self, user: Any) -> "InletQuerySet":
        """Keep those of the user's teams, all for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(product__team_id__in=user.team_ids)

    def open(self) -> "InletQuerySet":
        """Keep those that take feedback now."""
        return self.filter(closed_at=None)


class Inlet(models.Model):
    """An address to which another system posts feedback of one product, signed with a secret of its own.

    The secret signs what comes, so it is kept encrypted and not as a hash. For a day after it is exchanged the old one
    opens the inlet too.
    """

    PERSONAL_FIELDS = frozenset({"secret", "old_secret"})

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="inlets")
    name = models.CharField(max_length=100, help_text="Which system sends, such as “Help desk”.")
    key = models.CharField(max_length=32, unique=True, editable=False, help_text="What its address ends with.")
    secret = models.TextField(editable=False, help_text="Encrypted.")
    old_secret = models.TextField(blank=True, editable=False, help_text="Encrypted; the one before.")
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    origin = models.CharField(max_length=60, help_text="The system that pieces come from, as zendesk.")
    channel = models.ForeignKey("insights_voice_feedback.Channel", on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.TEAM)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    n_taken = models.PositiveIntegerField(default=0, editable=False, help_text="New pieces that came by it.")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InletQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the list that it stands in."""
        return reverse("intake:inlet-list")

    @property
    def team_id(self) -> int:
        """Return the team of its product."""
        return self.product.team_id
