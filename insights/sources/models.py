"""Files on their way into the store, and where a source's files and rows are fetched from."""

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """A file that somebody brought: mapped, tried and loaded; it lies under a random name and is never served."""

    PERSONAL_FIELDS = frozenset({"file_name"})

    class TrialState(models.TextChoices):
        NONE = "", "Not tried"
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    source = models.ForeignKey("insights_events.Source", on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField(max_length=255)
    path = models.CharField(max_length=100, unique=True, help_text="Below the folder of uploads.")
    n_bytes = models.BigIntegerField()
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    mapping = models.JSONField(default=dict, blank=True, help_text="The mapping as it is being made.")
    batch = models.ForeignKey(
        "insights_events.Batch", on_delete=models.SET_NULL, null=True, blank=True, related_name="uploads"
    )
    trial_state = models.CharField(max_length=10, choices=TrialState.choices, default="", blank=True)
    trial = models.JSONField(default=dict, blank=True, help_text="What a dry run found.")
    trial_error = models.TextField(blank=True)
    trial_heartbeat_at = models.DateTimeField(null=True, blank=True)
    trial_n_attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker began the dry run.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class Reading(models.Model):
    """What is known of a source that the portal reads by itself."""

    last_tried_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True


class WatchedFolder(Reading):
    """The folder whose new files become batches of a source; below the folder that the operator allowed."""

    source = models.OneToOneField("insights_events.Source", on_delete=models.CASCADE, related_name="watched_folder")
    folder = models.CharField(max_length=200, help_text="Below the folder for watched folders.")
    pattern = models.CharField(max_length=100, default="*", help_text="Which files count, such as *.csv.gz.")

    def __str__(self) -> str:
        return f"{self.folder}/{self.pattern}"


class WatchedFile(models.Model):
    """A file of a watched folder as it was seen; the same file is never taken twice."""

    PERSONAL_FIELDS = frozenset({"name"})

    folder = models.ForeignKey(WatchedFolder, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    n_bytes = models.BigIntegerField()
    modified_ns = models.BigIntegerField()
    checksum = models.CharField(max_length=64, blank=True, help_text="Empty until the file has been taken.")
    batch = models.ForeignKey("insights_events.Batch", on_delete=models.SET_NULL, null=True, related_name="+")
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["folder", "name", "n_bytes", "modified_ns"], name="a_file_of_a_folder_is_noted_once"
            )
        ]

    def __str__(self) -> str:
        return f"file {self.pk} of folder {self.folder_id}"


class SqlQuery(Reading):
    """A read-only query on a company's PostgreSQL whose new rows become batches of a source."""

    PERSONAL_FIELDS = frozenset({"address", "cursor_value", "last_error"})

    source = models.OneToOneField("insights_events.Source", on_delete=models.CASCADE, related_name="sql_query")
    address = models.TextField(help_text="Encrypted; postgresql://user:password@host:port/database.")
    query = models.TextField()
    cursor_column = models.CharField(max_length=63)
    cursor_value = models.TextField(blank=True, help_text="The last value that was read; empty reads from the start.")
    rows_per_batch = models.PositiveIntegerField(default=100_000)
    timeout_s = models.PositiveIntegerField(default=60)

    def __str__(self) -> str:
        return f"query of source {self.source_id}"
