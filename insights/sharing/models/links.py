"""Public links: who has one reads a dashboard's stored numbers without signing in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from insights.dashboards.models import Dashboard
from portal.people.public import Product


class PublicLinkQuerySet(models.QuerySet):
    """Public links, by whom they may be seen."""

    def visible_to(self, user) -> "PublicLinkQuerySet":
        """Keep the links of dashboards of the user's own teams; ops see all."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(dashboard__team_id__in=user.team_ids)

    def running(self, now) -> "PublicLinkQuerySet":
        """Keep those whose time is not over and that nobody has revoked."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class PublicLink(models.Model):
    """A secret address under which a dashboard's stored numbers can be read; only a hash of the secret is kept.

    It lives while its time lasts, nobody revokes it, and its maker may edit the dashboard.
    """

    dashboard = models.ForeignKey(Dashboard, on_delete=models.CASCADE, related_name="public_links")
    name = models.CharField(max_length=120, help_text="For whom or for what it is.")
    token_hash = models.CharField(max_length=64, unique=True)
    password_hash = models.CharField(max_length=128, blank=True)
    is_embeddable = models.BooleanField(default=False, help_text="Wikis of the company may show it in a frame.")
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

    objects = PublicLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "public link"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_public_link_says_for_whom_it_is"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="a_public_link_ends_after_it_was_made"
            ),
            models.CheckConstraint(
                condition=Q(is_embeddable=False) | Q(password_hash=""), name="an_embedded_link_has_no_password"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page for those who manage it; the secret address is not known."""
        return reverse("sharing:link-page", args=[self.pk])

    @property
    def team_id(self) -> int:
        """Return the dashboard's team, which rules over its links."""
        return self.dashboard.team_id

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


class ClosedProduct(models.Model):
    """A product whose numbers no public link shows."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["product__name"]
        verbose_name = "product closed to public links"
        verbose_name_plural = "products closed to public links"

    def __str__(self) -> str:
        return str(self.product)
