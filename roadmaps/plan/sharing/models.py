"""Links to a roadmap for an audience: who has one sees the chosen fields, and nothing else."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.people.public import Product
from roadmaps.plan.board.state import State
from roadmaps.plan.sharing.contracts import FIELDS, VIEWS


class Audience(models.TextChoices):
    """For whom a link is."""

    EXECUTIVES = "executives", "Executives"
    SALES = "sales", "Sales"
    CUSTOMERS = "customers", "Customers"
    OTHER = "other", "Somebody else"


class RoadmapLinkQuerySet(models.QuerySet):
    """Links, by whom they may be seen."""

    def visible_to(self, user: Any) -> "RoadmapLinkQuerySet":
        """Keep the links of products of the user's own teams; ops see all."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(product__team_id__in=user.team_ids)

    def running(self, now: datetime) -> "RoadmapLinkQuerySet":
        """Keep those whose time is not over and that nobody has revoked."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class RoadmapLink(models.Model):
    """A secret address under which a product's roadmap is shown in the chosen fields; only a hash of it is kept.

    It lives while its time lasts, nobody revokes it, and its maker may make such links. `asked` are filters of the
    roadmap by their names in its address. `needs_login` — it opens for people of the portal alone.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="roadmap_links")
    name = models.CharField(max_length=120, help_text="For whom it is; the audience does not see it.")
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.OTHER)
    heading = models.CharField(max_length=120, help_text="What stands above the roadmap.")
    fields = models.JSONField(default=list, help_text="What is shown beside the titles.")
    view = models.CharField(max_length=10, choices=list(VIEWS.items()), default="list")
    asked = models.JSONField(default=dict, blank=True)
    needs_login = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    password_hash = models.CharField(max_length=128, blank=True)
    expires_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    n_openings = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    objects = RoadmapLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "roadmap link"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_roadmap_link_says_for_whom_it_is"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="a_roadmap_link_ends_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page for those who manage it; the secret address is not known."""
        return reverse("roadmap_links:link-page", args=[self.pk])

    @property
    def team_id(self) -> int:
        """Return the product's team, which rules over its links."""
        return int(self.product.team_id)

    @property
    def has_password(self) -> bool:
        """Say whether a password is asked for."""
        return bool(self.password_hash)

    @property
    def state(self) -> str:
        """Return what it is as far as its own row says: works, revoked, expired."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= timezone.now() else "works"

    @property
    def roadmap_state(self) -> State:
        """Return the filters that narrow it, as the roadmap reads them."""
        return State(product=self.product.slug, **self.asked)

    @property
    def field_labels(self) -> list[str]:
        """Return what is shown beside the titles, in words."""
        return [one.label for name, one in FIELDS.items() if name in self.fields]

    @property
    def hidden_labels(self) -> list[str]:
        """Return what could be shown and is not, in words."""
        return [one.label for name, one in FIELDS.items() if name not in self.fields]
