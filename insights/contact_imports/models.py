"""What an import wrote down of each person or account, and what stood there before, so that it can be taken back."""

from django.db import models
from django.db.models import Q


class ImportedRow(models.Model):
    """One contact or account record that an import made or changed."""

    PERSONAL_FIELDS = frozenset({"before", "after"})

    batch = models.ForeignKey("insights_imports.Import", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("insights_events.DistinctId", on_delete=models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey("insights_events.Account", on_delete=models.CASCADE, null=True, related_name="+")
    before = models.JSONField(help_text="The fields that it wrote, as they were.")
    after = models.JSONField(help_text="The same fields, as it wrote them.")
    was_new = models.BooleanField(help_text="Whether nothing was written down of them before.")
    version = models.PositiveIntegerField(help_text="Of the contact or record, once it was written.")

    class Meta:
        ordering = ["pk"]
        verbose_name = "row of an import"
        verbose_name_plural = "rows of imports"
        indexes = [
            models.Index(fields=["person", "id"], name="imported_rows_of_a_person", condition=~Q(person=None)),
            models.Index(fields=["account", "id"], name="imported_rows_of_an_account", condition=~Q(account=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, account__isnull=False) | Q(person__isnull=False, account=None),
                name="an_imported_row_is_of_a_person_or_of_an_account",
            )
        ]

    def __str__(self) -> str:
        return f"imported row {self.pk}"
