"""What suggestions remember: what was learned of a product, verdicts of people, and new themes that were proposed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.voice.feedback.public import Feedback
from insights.voice.themes.public import Theme
from portal.people.public import Product


class Learning(models.Model):
    """One product's learning: the work of a worker, and what came of it.

    What was learned lies as arrays in a folder of the name `token`; it is made anew at any time, so it is in no backup.
    `n_erasures` counts erased people: what was read before one is not kept after it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="learning")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    n_attempts = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=80, blank=True)
    n_done = models.IntegerField(default=0)
    n_total = models.IntegerField(null=True)
    error = models.TextField(blank=True)
    n_erasures = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=40, blank=True, help_text="The folder of what was learned; empty: nothing yet.")
    stamp = models.CharField(max_length=200, blank=True, help_text="What it was learned from, to see changes.")
    n_marks = models.IntegerField(default=0, help_text="Links and verdicts when it was learned.")
    n_examples = models.IntegerField(default=0)
    n_themes = models.IntegerField(default=0)
    n_pieces = models.IntegerField(default=0)
    quality = models.FloatField(null=True, help_text="Macro-F1 of the first suggestion on links held back, 0 to 1.")
    learned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["product"]

    def __str__(self) -> str:
        return f"learning of {self.product}"


class VerdictQuerySet(models.QuerySet):
    """Verdicts, by who may see the pieces."""

    def visible_to(self, user: Any) -> "VerdictQuerySet":
        """Keep those on pieces and themes that the user may read."""
        return self.filter(feedback__in=Feedback.objects.visible_to(user), theme__in=Theme.objects.visible_to(user))


class Verdict(models.Model):
    """What somebody said of a suggestion: yes or no; the next learning knows it."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="verdicts")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="verdicts")
    is_accepted = models.BooleanField()
    confidence = models.FloatField(null=True, help_text="How sure the suggestion was, 0 to 1; none for one by name.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "theme"], name="a_suggestion_has_one_verdict"),
        ]

    def __str__(self) -> str:
        return f"verdict {self.pk}"


class ProposalQuerySet(models.QuerySet):
    """Proposed themes, for the team whose feedback they quote."""

    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Keep those of the user's teams' products; everything for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(product__team_id__in=user.team_ids)

    def open(self) -> "ProposalQuerySet":
        """Keep those on which nobody has decided."""
        return self.filter(state=ThemeProposal.State.OPEN)


class ThemeProposal(models.Model):
    """A theme that unlinked feedback seems to have: its distinctive words, and the pieces that say them.

    `marks` are hashes of the words, by which a rejected one is known again even when its words are gone.
    """

    PERSONAL_FIELDS = frozenset({"name", "words"})

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="theme_proposals")
    name = models.CharField(max_length=120, blank=True)
    words = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closeness = models.FloatField(help_text="How alike its pieces are: mean cosine to their middle, 0 to 1.")
    n_pieces = models.IntegerField()
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    pieces = models.ManyToManyField(Feedback, through="ProposedPiece", related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-n_pieces", "pk"]
        verbose_name = "proposed theme"
        indexes = [models.Index(fields=["product", "state"], name="proposals_of_a_product")]

    def __str__(self) -> str:
        return self.name or f"proposed theme {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its place on the page of its product's proposals."""
        return f"{reverse('suggestions:proposal-list')}?product={self.product.slug}#proposal-{self.pk}"

    @property
    def team_id(self) -> int:
        """Return the team that decides on it."""
        return self.product.team_id


class ProposedPiece(models.Model):
    """A piece of a proposed theme, the first the nearest to its middle."""

    proposal = models.ForeignKey(ThemeProposal, on_delete=models.CASCADE, related_name="proposed")
    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="+")
    position = models.IntegerField()

    class Meta:
        ordering = ["proposal", "position"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "feedback"], name="a_piece_is_in_a_proposal_once"),
        ]

    def __str__(self) -> str:
        return f"piece {self.feedback_id} of {self.proposal_id}"


RUNNING = Q(state__in=[Learning.State.WAITING, Learning.State.RUNNING])
