"""The manifest: which files make up the store at each version, and what each version changed."""

from django.db import models
from django.utils import timezone


class Manifest(models.Model):
    """One version of the store; its number is the key, so that two writers can never make the same one."""

    class Reason(models.TextChoices):
        LOAD = "load", "Load"
        COMPACTION = "compaction", "Compaction"
        UNDO = "undo", "Undo of a batch"
        PERSONS = "persons", "Merge of persons"
        ERASURE = "erasure", "Erasure of a person"

    version = models.BigIntegerField(primary_key=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    batch = models.ForeignKey("insights_events.Batch", on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        verbose_name = "store version"

    def __str__(self) -> str:
        return f"version {self.version} ({self.reason})"


class PartQuerySet(models.QuerySet):
    """Parts, by version."""

    def at(self, version: int) -> "PartQuerySet":
        """Keep the parts that a version consists of."""
        return self.filter(added_version__lte=version).exclude(removed_version__lte=version)


class Part(models.Model):
    """One immutable Parquet file of the store.

    Events, first-seen and traits parts are of one source and one UTC month; a person map is of the whole store.
    An events part and its first-seen part share their stem and always come and go together. Its activity part is
    written some minutes later, so that loads need not wait for it, and goes with it too. A first-ever part is the
    rollup of a source's first-seen parts up to its month; it goes when one of these goes.
    """

    class Kind(models.TextChoices):
        EVENTS = "events", "Events"
        FIRST_SEEN = "first_seen", "First time of each event and id"
        FIRST_EVER = "first_ever", "First time ever of each event and id, up to a month"
        ACTIVITY = "activity", "Number and times of each person's events"
        TRAITS = "traits", "Traits"
        PERSON_MAP = "person_map", "Map from ids to persons"

    COMPANIONS = (Kind.FIRST_SEEN, Kind.ACTIVITY)

    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.ForeignKey("insights_events.Source", on_delete=models.PROTECT, null=True, related_name="parts")
    month = models.DateField(null=True, help_text="First day of the UTC month.")
    stem = models.CharField(max_length=40)
    path = models.CharField(max_length=200, unique=True, help_text="Below the store's folder.")
    format_version = models.PositiveSmallIntegerField(default=1)
    n_rows = models.BigIntegerField()
    n_bytes = models.BigIntegerField()
    min_ts = models.DateTimeField(null=True)
    max_ts = models.DateTimeField(null=True)
    max_received_at = models.DateTimeField(null=True)
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    added_version = models.BigIntegerField()
    removed_version = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["source", "kind", "month"], name="parts_in_use", condition=models.Q(removed_version=None)
            ),
            models.Index(fields=["removed_at"], name="parts_to_sweep", condition=~models.Q(removed_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_version=None) | models.Q(removed_version__gt=models.F("added_version")),
                name="a_part_is_removed_after_it_was_added",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="person_map") | models.Q(source__isnull=False, month__isnull=False),
                name="a_part_is_of_one_source_and_month",
            ),
        ]

    def __str__(self) -> str:
        return self.path

    def covers(self, other: "Part") -> bool:
        """Say whether this rollup of first times holds what another part of first times says."""
        kinds = (self.kind, other.kind) == (Part.Kind.FIRST_EVER, Part.Kind.FIRST_SEEN)
        is_before = kinds and other.month <= self.month and other.added_version < self.added_version
        return is_before and other.source_id == self.source_id


class Change(models.Model):
    """What one version changed for one source, so that answers know whether they still hold.

    Without times the whole history changed. `events`: rows came or went; `traits`: current traits changed; `persons`:
    who is whom changed.
    """

    class Kind(models.TextChoices):
        EVENTS = "events", "Events"
        TRAITS = "traits", "Traits"
        PERSONS = "persons", "Persons"

    version = models.BigIntegerField()
    source = models.ForeignKey("insights_events.Source", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    min_ts = models.DateTimeField(null=True)
    max_ts = models.DateTimeField(null=True)
    n_rows = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version", "pk"]
        indexes = [models.Index(fields=["source", "version"], name="changes_of_a_source")]

    def __str__(self) -> str:
        return f"{self.kind} of source {self.source_id} in version {self.version}"
