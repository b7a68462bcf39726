"""A product's vision and strategy: a text in versions, and who has read which."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet


class StatementQuerySet(TeamOwnedQuerySet):
    """Statements, read."""

    def visible_to(self, user: Any) -> "StatementQuerySet":
        """Keep those that are shared with this user, of products that are shared with them too."""
        found = super().visible_to(user)
        if not getattr(user, "is_active", False) or user.is_ops:
            return found
        return found.filter(product__in=Product.objects.visible_to(user).order_by())


class Statement(TeamOwned):
    """Where a product goes (its vision), or how it gets there (its strategy); what it says is its newest version's."""

    class Kind(models.TextChoices):
        VISION = "vision", "Vision"
        STRATEGY = "strategy", "Strategy"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    current = models.OneToOneField(
        "roadmaps_goals.StatementVersion", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["product", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["product", "kind"], name="a_product_has_one_vision_and_one_strategy"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.product.name}"

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("goals:statement-page", args=[self.product.slug, self.kind])


class StatementVersion(models.Model):
    """What a statement said from one day to the next version; a version is never changed."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(help_text="Markdown.")
    note = models.CharField(max_length=300, blank=True, help_text="What is new in it, and why.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["statement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="versions_of_a_statement_are_numbered"),
            models.CheckConstraint(condition=~Q(text=""), name="a_version_of_a_statement_says_something"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.statement_id}"


class StatementReading(models.Model):
    """Somebody says that they have read a version."""

    version = models.ForeignKey(StatementVersion, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["read_at"]
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="somebody_reads_a_version_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.version_id}"
