"""Loads of events: what was read, what became of each row, and the rows that could not be taken."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Batch(models.Model):
    """One load: rows read = accepted + duplicates + quarantined, always."""

    PERSONAL_FIELDS = frozenset({"file_name"})

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        UNDONE = "undone", "Undone"

    class Kind(models.TextChoices):
        UPLOAD = "upload", "Uploaded file"
        FOLDER = "folder", "File of a watched folder"
        SQL = "sql", "Rows of a query"
        API = "api", "Events of the API"
        REPLAY = "replay", "Corrected rows"
        SEED = "seed", "Demo data"
        PORTAL = "portal", "Events of the portal itself"

    source = models.ForeignKey("insights_events.Source", on_delete=models.PROTECT, related_name="batches")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    file_name = models.CharField(max_length=255, blank=True)
    file_path = models.CharField(max_length=500, blank=True, help_text="Where the file lies, to run the load again.")
    mapping = models.JSONField(default=dict, blank=True, help_text="The source's mapping as this load used it.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    n_attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker began it.")
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    step = models.CharField(max_length=60, blank=True, help_text="What the load does just now, in words.")
    n_done = models.BigIntegerField(default=0)
    n_total = models.BigIntegerField(null=True, blank=True)
    error = models.TextField(blank=True)
    version = models.BigIntegerField(null=True, blank=True, help_text="The store's version that first held it.")

    n_read = models.BigIntegerField(default=0)
    n_accepted = models.BigIntegerField(default=0)
    n_duplicates = models.BigIntegerField(default=0)
    n_quarantined = models.BigIntegerField(default=0)
    n_conflicts = models.BigIntegerField(default=0, help_text="Quarantined rows that clash with an earlier one.")
    n_traits = models.BigIntegerField(default=0)
    n_joins = models.BigIntegerField(default=0)
    n_joins_refused = models.BigIntegerField(default=0)
    n_erased = models.BigIntegerField(default=0, help_text="Accepted rows taken out since: erased persons, or undone.")
    min_ts = models.DateTimeField(null=True, blank=True)
    max_ts = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["source", "-id"], name="batches_of_a_source")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "undone"])
                | Q(n_read=F("n_accepted") + F("n_duplicates") + F("n_quarantined")),
                name="rows_read_are_accepted_duplicate_or_quarantined",
            ),
            models.CheckConstraint(condition=Q(n_conflicts__lte=F("n_quarantined")), name="conflicts_are_quarantined"),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}" + (f" ({self.file_name})" if self.file_name else "")

    @property
    def is_over(self) -> bool:
        """Say whether the load has come to its end, good or bad."""
        return self.state not in {self.State.WAITING, self.State.RUNNING}

    @property
    def has_brought(self) -> bool:
        """Say whether anything of it counts, so that there is something to undo."""
        return bool(self.n_accepted or self.n_traits or self.n_joins or self.n_quarantined)

    @property
    def quarantined_rate(self) -> float | None:
        """Return the share of rows quarantined, 0 to 1, or None without rows."""
        return self.n_quarantined / self.n_read if self.n_read else None


class BatchOverlap(models.Model):
    """How many duplicates of a batch an earlier batch had brought: reload the later one when the earlier is undone."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="overlaps")
    earlier_batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="absorbed")
    n_duplicates = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "earlier_batch"], name="one_overlap_for_two_batches")]

    def __str__(self) -> str:
        return f"{self.n_duplicates} rows of {self.batch} came with {self.earlier_batch}"


class QuarantinedRow(models.Model):
    """A row that was read but not taken, with its text, place and reason."""

    PERSONAL_FIELDS = frozenset({"raw"})

    class State(models.TextChoices):
        OPEN = "open", "Open"
        REPLAYED = "replayed", "Corrected and loaded"
        DISMISSED = "dismissed", "Dismissed"
        ERASED = "erased", "Erased with its person"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="quarantined_rows")
    source = models.ForeignKey("insights_events.Source", on_delete=models.PROTECT, related_name="quarantined_rows")
    item_no = models.BigIntegerField(help_text="Line of the file or place in the request, from 1.")
    raw = models.TextField()
    reason_code = models.CharField(max_length=60)
    reason = models.TextField()
    event_time = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    replayed_in = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, blank=True, related_name="replays")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["source", "state", "id"], name="quarantine_of_a_source"),
            models.Index(fields=["batch", "item_no"], name="quarantine_of_a_batch"),
            models.Index(fields=["source", "event_time"], name="quarantine_by_time"),
        ]

    def __str__(self) -> str:
        return f"row {self.item_no} of {self.batch}: {self.reason_code}"
