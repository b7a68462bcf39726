"""Orders as they were: the scores of a product's initiatives, kept once a week, to say why an order moved."""

from django.db import models
from django.utils import timezone

from portal.people.public import Product
from roadmaps.planning.scoring.models.model import ModelVersion, ScoringModel


class KeptOrder(models.Model):
    """The scores of a product's open initiatives on a day: rows of [initiative, score, {key: value that counted}]."""

    model = models.ForeignKey(ScoringModel, on_delete=models.CASCADE, related_name="kept_orders")
    worked_with = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    kept_on = models.DateField()
    kept_at = models.DateTimeField(default=timezone.now, help_text="What came later is news to who was told before.")
    rows = models.JSONField(default=list)

    class Meta:
        ordering = ["model", "product", "-kept_on"]
        constraints = [
            models.UniqueConstraint(fields=["model", "product", "kept_on"], name="an_order_is_kept_once_a_day")
        ]

    def __str__(self) -> str:
        return f"order of {self.kept_on}"
