"""Blind rounds: several people score the same initiatives without seeing each other's numbers, then settle them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in
from roadmaps.planning.initiatives.public import Initiative, visible_initiatives
from roadmaps.planning.scoring.models.model import ModelVersion, ScoringModel


class RoundQuerySet(TeamOwnedQuerySet):
    """Rounds, read."""

    def matching(self, text: str) -> "RoundQuerySet":
        """Keep those whose title holds each word."""
        return self.filter(words_in(text, "title"))

    def waiting_for(self, user: Any) -> "RoundQuerySet":
        """Keep open rounds in which a person is asked and did not hand in yet, the first that is due first."""
        asked = self.filter(state=Round.State.OPEN, scorers__user_id=user.pk, scorers__done_at=None)
        return asked.order_by(models.F("due_on").asc(nulls_last=True), "pk")

    def of_rows(self) -> "RoundQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("product", "team", "owner", "model__current", "worked_with")


class Round(TeamOwned):
    """A time in which several people score initiatives blind; what they said is shown to all at once, then settled."""

    class State(models.TextChoices):
        OPEN = "open", "Scoring blind"
        REVEALED = "revealed", "Revealed"
        SETTLED = "settled", "Settled"
        CANCELLED = "cancelled", "Cancelled"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="scoring_rounds")
    title = models.CharField(max_length=200)
    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="rounds")
    worked_with = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    revealed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="a_round_has_a_title"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "cancelled"]) | Q(revealed_at__isnull=False),
                name="a_round_says_when_it_was_revealed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("scoring:round-page", args=[self.pk])

    @property
    def is_blind(self) -> bool:
        """Say whether nobody may see anybody else's numbers: until it is revealed, and if it never was."""
        return self.revealed_at is None


class RoundItem(models.Model):
    """An initiative that a round scores; `settled_at` is when the people agreed on its numbers."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="items")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "initiative"], name="a_round_scores_a_thing_once")]

    def __str__(self) -> str:
        return str(self.initiative)


class Scorer(models.Model):
    """Somebody who is asked to score in a round; `done_at` is when they handed in."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="scorers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="a_person_scores_once_in_a_round")]

    def __str__(self) -> str:
        return str(self.user)


class BallotQuerySet(models.QuerySet):
    """Ballots; the one door that keeps a round blind."""

    def visible_to(self, user: Any) -> "BallotQuerySet":
        """Keep one's own, and those that were handed in, of revealed rounds and initiatives that the user may read."""
        seen = Round.objects.visible_to(user).filter(revealed_at__isnull=False).order_by().values("pk")
        shown = Q(item__round__in=seen, scorer__done_at__isnull=False)
        return self.filter(Q(scorer__user_id=user.pk) | shown, item__initiative__in=visible_initiatives(user))


class Ballot(models.Model):
    """What one person said of one initiative in a round: likely values by key."""

    # What somebody said before the reveal is for nobody else: the trail keeps that they did, not what.
    PERSONAL_FIELDS = frozenset({"given", "note"})

    item = models.ForeignKey(RoundItem, on_delete=models.CASCADE, related_name="ballots")
    scorer = models.ForeignKey(Scorer, on_delete=models.CASCADE, related_name="ballots")
    given = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["item", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "scorer"], name="a_person_scores_a_thing_once")]

    def __str__(self) -> str:
        return f"ballot {self.pk}"


class Remark(models.Model):
    """What somebody said about an item once the numbers were shown."""

    item = models.ForeignKey(RoundItem, on_delete=models.CASCADE, related_name="remarks")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_remark_says_something")]

    def __str__(self) -> str:
        return f"remark {self.pk}"
