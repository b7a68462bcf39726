"""What the intake of feedback keeps: the themes that imports made, and the inlets of webhooks."""

from django.db import models


class ImportedTheme(models.Model):
    """A theme that an import made out of a file's labels; an undo removes it unless something else uses it by then."""

    batch = models.ForeignKey("insights_imports.Import", on_delete=models.CASCADE, related_name="+")
    theme = models.OneToOneField("insights_voice_themes.Theme", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"theme {self.theme_id} of import {self.batch_id}"
