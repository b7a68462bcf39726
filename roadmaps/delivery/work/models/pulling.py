"""Where a tracker is asked by itself, with what key, how far it was read and how the last time went."""

from django.db import models
from django.db.models import Q

from roadmaps.delivery.work.models.tracker import OfTrackerQuerySet, Tracker


class ConnectionQuerySet(OfTrackerQuerySet):
    """Connections, by how they do."""

    def failing(self) -> "ConnectionQuerySet":
        """Keep those that could not be read the last time and that are not paused, the longest first."""
        found = self.filter(failing_since__isnull=False, is_paused=False)
        return found.select_related("tracker__product", "tracker__owner").order_by("failing_since", "pk")


class Connection(models.Model):
    """Reads a tracker over its API, a page after the other, from where it stopped; the token is kept encrypted.

    `cursor_at` is the newest change that was read and written. Its work is claimed and kept alive as all work of
    workers is; `not_before` is until when the tracker wants to be left alone.
    """

    PERSONAL_FIELDS = frozenset({"token", "account"})

    class Kind(models.TextChoices):
        JIRA = "jira", "Jira"
        GITHUB = "github", "GitHub"

    class State(models.TextChoices):
        IDLE = "idle", "Waiting for the next time"
        WAITING = "waiting", "Waiting for a worker"
        RUNNING = "running", "Reading"
        FAILED = "failed", "Failed"

    tracker = models.OneToOneField(Tracker, on_delete=models.CASCADE, related_name="connection")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    address = models.CharField(max_length=300, help_text="Such as https://example.atlassian.net")
    project = models.CharField(max_length=200, help_text="A project's key in Jira, owner/repository in GitHub.")
    account = models.CharField(
        max_length=200, blank=True, help_text="The e-mail address that a token of Jira belongs to."
    )
    token = models.TextField(blank=True, help_text="Encrypted.")
    takes_pulls = models.BooleanField(default=False, help_text="Pull requests are items too (GitHub).")
    is_paused = models.BooleanField(default=False)
    cursor_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.IDLE)
    n_attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    step = models.CharField(max_length=100, blank=True)
    n_done = models.BigIntegerField(null=True, blank=True)
    n_total = models.BigIntegerField(null=True, blank=True)
    error = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True, blank=True, help_text="The first error since it was read well.")
    not_before = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When it was last read to its end.")
    n_read = models.PositiveIntegerField(default=0, help_text="Items of the last reading, new and changed ones.")
    version = models.PositiveIntegerField(default=1)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(address="") & ~Q(project=""), name="a_connection_says_what_it_reads")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.project}"

    @property
    def team_id(self) -> int:
        """Return the team of its tracker."""
        return self.tracker.team_id

    @property
    def is_busy(self) -> bool:
        """Say whether a worker has it, or will."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
