"""Work on persons that a worker does: one row a wish, from the asking to its end."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from insights.persons.contracts import Mention


class PersonJobQuerySet(models.QuerySet):
    """Jobs, by whether they are over."""

    def active(self) -> "PersonJobQuerySet":
        """Keep the jobs that wait or run."""
        return self.filter(state__in=PersonJob.ACTIVE)

    def about(self, numbers: Any) -> "PersonJobQuerySet":
        """Keep the jobs that name one of these persons."""
        return self.filter(Q(person_no__in=numbers) | Q(other_no__in=numbers))


class PersonJob(models.Model):
    """A merge, a join to take back, a look for mentions or an erasure: asked on a page, done by a worker.

    Persons are named by their numbers alone, so that nothing of an erased one stays here; names that somebody adds to
    look for are encrypted, and go with the end of the erasure. `found` are the rows in which others name the person,
    `kept` and `taken` what whoever asked decided about them otherwise than is proposed.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", "Merge"
        SPLIT = "split", "Join taken back"
        LOOK = "look", "Mentions looked for"
        ERASE = "erase", "Erasure"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Called off"

    ACTIVE = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=5, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    id_space = models.ForeignKey("insights_events.IdSpace", on_delete=models.PROTECT, related_name="+")
    person_no = models.IntegerField(help_text="The person erased, the one who stays in a merge, or who is split.")
    other_no = models.IntegerField(null=True, help_text="The person who becomes a part of it, or the id that leaves.")
    join = models.ForeignKey("insights_events.PersonJoin", on_delete=models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    n_attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker began it.")
    step = models.CharField(max_length=80, blank=True, help_text="What the worker does just now, in words.")
    n_done = models.IntegerField(default=0)
    n_total = models.IntegerField(null=True)
    erased = models.JSONField(default=dict, help_text="How much of each noun an erasure took out.")
    batches = models.JSONField(default=list, help_text="The loads that had brought the rows of an erased person.")
    more_names = models.TextField(default="", help_text="Other names they go by, encrypted.")
    found = models.JSONField(default=list, help_text="Rows in which others name them: table, key, whether surely.")
    kept = models.JSONField(default=list, help_text="Sure mentions that stay.")
    taken = models.JSONField(default=list, help_text="Mentions that are not sure and go.")
    error = models.TextField(blank=True)

    objects = PersonJobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "job about persons"
        verbose_name_plural = "jobs about persons"
        indexes = [
            models.Index(fields=["person_no"], name="jobs_of_a_person"),
            models.Index(fields=["other_no"], name="jobs_of_the_other_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person_no"],
                condition=Q(state__in=["waiting", "running"]),
                name="a_person_has_one_job_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().lower()} {self.pk}"

    @property
    def action(self) -> str:
        """Return what one must be allowed to do to ask for it."""
        return "persons.erase" if self.kind in (self.Kind.ERASE, self.Kind.LOOK) else "persons.merge"

    @property
    def noun(self) -> str:
        """Return what it is called in the audit trail."""
        nouns = {self.Kind.MERGE: "merge", self.Kind.SPLIT: "split", self.Kind.ERASE: "erasure"}
        return {**nouns, self.Kind.LOOK: "search_for_mentions"}[self.Kind(self.kind)]

    @property
    def mentions(self) -> list[Mention]:
        """Return the rows in which others name the person, as a look found them; the sure ones first."""
        return sorted((Mention(*one) for one in self.found), key=lambda one: (not one.is_sure, one.label))

    @property
    def erased_in_words(self) -> list[str]:
        """Return how much of each noun an erasure took out, the most important first."""
        first = [noun for noun in ("events", "traits", "ids") if noun in self.erased]
        nouns = [*first, *sorted(noun for noun, count in self.erased.items() if count and noun not in first)]
        return [f"{self.erased[noun]:,} {noun.removesuffix('s') if self.erased[noun] == 1 else noun}" for noun in nouns]

    @property
    def is_over(self) -> bool:
        """Say whether it has come to its end, good or bad."""
        return self.state not in self.ACTIVE

    @property
    def may_be_cancelled(self) -> bool:
        """Say whether it can still be called off: no worker ever began it."""
        return self.state == self.State.WAITING and not self.n_attempts

    @property
    def numbers(self) -> set[int]:
        """Return the numbers of the persons whom it is about."""
        return {self.person_no} | ({self.other_no} if self.other_no is not None else set())

    @property
    def percent(self) -> int | None:
        """Return how much is done, 0 to 100, or None while that is not known."""
        return min(100, 100 * self.n_done // self.n_total) if self.n_total else None
