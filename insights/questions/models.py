"""What was answered before, so that a later answer can say which events came late."""

from django.db import models


class EarlierAnswer(models.Model):
    """The newest computed answer of one question as it was asked, with its relative range."""

    key = models.CharField(max_length=64, unique=True)
    data_version = models.BigIntegerField()
    closed_until = models.DateTimeField(help_text="The end of the last bucket that was over.")
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-computed_at"]
        indexes = [models.Index(fields=["computed_at"], name="earlier_answer_age")]

    def __str__(self) -> str:
        return f"answer {self.key[:8]} of {self.computed_at:%Y-%m-%d %H:%M}"
