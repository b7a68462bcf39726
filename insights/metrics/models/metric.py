"""Metrics, what they are put together from, and each person's own marks."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in


class MetricQuerySet(TeamOwnedQuerySet):
    """Metrics as rows of a list."""

    def visible_to(self, user: Any) -> "MetricQuerySet":
        """Keep those that are shared with this user, of products that are shared with them too."""
        found = super().visible_to(user)
        if not getattr(user, "is_active", False) or user.is_ops:
            return found
        return found.filter(product__in=Product.objects.visible_to(user).order_by())

    def live(self) -> "MetricQuerySet":
        """Leave out what is archived."""
        return self.filter(archived_at=None)

    def matching(self, text: str) -> "MetricQuerySet":
        """Keep those whose name, description, product or tags hold each word."""
        return self.filter(words_in(text, "name", "description", "tags", "product__name"))

    def with_stars(self, user: Any) -> "MetricQuerySet":
        """Say of each whether this user starred it, as `is_starred`."""
        stars = MetricStar.objects.filter(metric=models.OuterRef("pk"), user_id=user.pk)
        return self.annotate(is_starred=models.Exists(stars))

    def with_values(self) -> "MetricQuerySet":
        """Read with each its product, its owner and its current version with what is stored of it."""
        return self.select_related("product", "team", "owner", "current__series")


class Metric(TeamOwned):
    """A named question that yields one number a period; what it asks is said by its current version.

    `revision` rises with each change of its words, so that nobody overwrites another's work unseen.
    """

    class Rule(models.TextChoices):
        NONE = "", "Nothing"
        SUM = "sum", "Sum: its parts add up to it"
        PRODUCT = "product", "Product: its parts multiply up to it"
        RATIO = "ratio", "Ratio: the first part divided by the second"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="metrics")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=5000, help_text="What it means, and how to read it.")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_certified = models.BooleanField(default=False, help_text="Ops has checked it: this is the number to use.")
    certified_at = models.DateTimeField(null=True, blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    rule = models.CharField("put together as", max_length=10, choices=Rule.choices, default=Rule.NONE, blank=True)
    current = models.OneToOneField(
        "insights_metrics.MetricVersion", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = MetricQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "product", Lower("name"), condition=Q(archived_at=None), name="one_metric_of_a_name_in_a_product"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_metric_has_a_name"),
            models.CheckConstraint(
                condition=Q(is_certified=False) | Q(certified_at__isnull=False),
                name="a_certified_metric_says_since_when",
            ),
        ]
        indexes = [GinIndex(fields=["tags"], name="metrics_by_tag")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("metrics:metric-page", args=[self.pk])

    @property
    def is_archived(self) -> bool:
        """Say whether it was put away."""
        return self.archived_at is not None


class MetricPart(models.Model):
    """One metric of which another is put together; `sign` counts in sums, the position in ratios."""

    whole = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="wholes")
    position = models.PositiveSmallIntegerField()
    sign = models.SmallIntegerField(default=1)

    class Meta:
        ordering = ["whole", "position"]
        constraints = [
            models.UniqueConstraint(fields=["whole", "position"], name="a_metric_has_one_part_in_a_place"),
            models.UniqueConstraint(fields=["whole", "part"], name="a_metric_is_part_of_another_once"),
            models.CheckConstraint(condition=~Q(whole=models.F("part")), name="a_metric_is_no_part_of_itself"),
            models.CheckConstraint(condition=Q(sign__in=[1, -1]), name="a_part_is_added_or_taken_away"),
        ]

    def __str__(self) -> str:
        return f"part {self.part_id} of {self.whole_id}"


class MetricStar(models.Model):
    """A metric that somebody keeps at hand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="stars")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "metric"], name="a_user_stars_a_metric_once")]

    def __str__(self) -> str:
        return f"{self.user_id} stars {self.metric_id}"
