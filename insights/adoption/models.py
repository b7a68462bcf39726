"""Features of products: named groups of events."""

from django.db import models
from django.urls import reverse

from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet


class FeatureQuerySet(TeamOwnedQuerySet):
    """Features, read."""

    def matching(self, text: str) -> "FeatureQuerySet":
        """Keep those whose name or description contains the text."""
        return self.filter(models.Q(name__icontains=text) | models.Q(description__icontains=text))

    def of_product(self, product: Product) -> "FeatureQuerySet":
        """Keep those of a product, core ones first."""
        return self.filter(product=product).order_by("-is_core", "name")


class Feature(TeamOwned):
    """A feature of a product: whoever did one of its events used it.

    `events` is a list of event specs of definitions; `version` rises with each change, so that nobody overwrites
    another's work unseen.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="features")
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    events = models.JSONField()
    is_core = models.BooleanField(default=False, help_text="Core features make the adoption of the engagement score.")
    version = models.PositiveIntegerField(default=1)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        ordering = ["product", "name"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="a_feature_has_its_own_name_in_a_product")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page where it is changed."""
        return reverse("adoption:feature-edit", args=[self.pk])

    def to_json(self) -> dict:
        """Return the feature as a question names it."""
        return {"name": self.name, "events": self.events, "core": self.is_core}
