"""What files said of initiatives: their statuses in time, what those mean, and which import brought what."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from roadmaps.planning.initiatives.models.initiative import Initiative, Stage, visible_initiatives


class StageNameQuerySet(models.QuerySet):
    """Names of stages, by who may see their product."""

    def visible_to(self, user: Any) -> "StageNameQuerySet":
        """Keep those of products that the user may see."""
        return self.filter(product__in=[one.pk for one in user.visible_products])


class StageName(models.Model):
    """What a status of a product's files means as a stage; null while nobody said so."""

    product = models.ForeignKey("portal_people.Product", on_delete=models.CASCADE, related_name="+")
    sent = models.CharField(max_length=60, help_text="The status as the file says it.")
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StageNameQuerySet.as_manager()

    class Meta:
        ordering = ["product", "sent"]
        constraints = [
            models.UniqueConstraint("product", Lower("sent"), name="a_status_means_one_thing_in_a_product"),
            models.CheckConstraint(condition=~Q(sent=""), name="a_stage_name_says_something"),
        ]

    def __str__(self) -> str:
        return self.sent


class ToldStageQuerySet(models.QuerySet):
    """Statuses in time, by who may see their initiative."""

    def visible_to(self, user: Any) -> "ToldStageQuerySet":
        """Keep those of initiatives that the user may read."""
        return self.filter(initiative__in=visible_initiatives(user))


class ToldStage(models.Model):
    """That a file said of an initiative: from this moment on it had this status."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="told_stages")
    at = models.DateTimeField()
    sent = models.CharField(max_length=60)
    batch = models.ForeignKey("insights_imports.Import", on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ToldStageQuerySet.as_manager()

    class Meta:
        ordering = ["initiative", "at"]
        constraints = [
            models.UniqueConstraint(fields=["initiative", "at"], name="an_initiative_has_one_status_at_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.sent} from {self.at:%Y-%m-%d}"


class ImportedInitiative(models.Model):
    """One initiative that an import made or changed, and what stood there before, so that it can be taken back."""

    batch = models.ForeignKey("insights_imports.Import", on_delete=models.CASCADE, related_name="+")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict, help_text="The fields that it wrote, as they were.")
    sent_stage = models.CharField(max_length=60, blank=True, help_text="The status that the file said.")
    was_new = models.BooleanField()
    version = models.PositiveIntegerField(help_text="Of the initiative, once it was written.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "initiative"], name="an_import_writes_an_initiative_once")
        ]

    def __str__(self) -> str:
        return f"imported initiative {self.pk}"
