"""What the roadmap keeps beside initiatives: how each does, what was promised, saved views, visits, calendars."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.http import urlencode

from portal.people.public import Product
from roadmaps.plan.board.health import LAPSES_AFTER, Health, Reason
from roadmaps.planning.initiatives.public import Initiative, visible_initiatives


class Tone(models.TextChoices):
    """How an initiative does."""

    GOOD = "good", "On track"
    WARN = "warn", "At risk"
    BAD = "bad", "Off track"
    UNKNOWN = "unknown", "Nothing to say yet"


class InitiativeHealth(models.Model):
    """How an initiative does: worked out at night and with each change; what a person said holds for 14 days.

    `tone` is what shows: the hand's while it holds, else what was worked out (`computed`). `reasons` are pairs of tone
    and sentence, the worst first.
    """

    PERSONAL_FIELDS = frozenset({"hand_reason"})

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, primary_key=True, related_name="health")
    tone = models.CharField(max_length=8, choices=Tone.choices, default=Tone.UNKNOWN)
    computed = models.CharField(max_length=8, choices=Tone.choices, default=Tone.UNKNOWN)
    reasons = models.JSONField(default=list)
    computed_at = models.DateTimeField()
    hand_tone = models.CharField(max_length=8, choices=Tone.choices, blank=True)
    hand_reason = models.CharField(max_length=300, blank=True)
    hand_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hand_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "health of initiatives"
        indexes = [models.Index(fields=["tone"], name="health_by_tone")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hand_tone="", hand_reason="", hand_on=None)
                | (~Q(hand_tone="") & ~Q(hand_reason="") & Q(hand_on__isnull=False)),
                name="what_a_person_says_of_health_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"initiative {self.initiative_id}: {self.get_tone_display().lower()}"

    def shown(self, today: date) -> Health:
        """Return how it does on a day: what a person said lapses on its day, not in the night after."""
        reasons = tuple(Reason(*one) for one in self.reasons)
        if self.hand_on is None or today >= self.hand_on + LAPSES_AFTER:
            return Health(self.computed, reasons)
        return Health(self.hand_tone, (Reason(self.hand_tone, self.hand_reason), *reasons), by_hand=True)


class PromiseQuerySet(models.QuerySet):
    """Promises, by who may see their initiative."""

    def visible_to(self, user: Any) -> "PromiseQuerySet":
        """Keep those of initiatives that the user may read; to whom is for the initiative's team and ops."""
        return self.filter(initiative__in=visible_initiatives(user))

    def of_rows(self) -> "PromiseQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("initiative__product", "initiative__team", "made_by")

    def standing(self) -> "PromiseQuerySet":
        """Keep those that were not taken back."""
        return self.filter(withdrawn_at=None)


class Promise(models.Model):
    """What somebody was promised: an initiative by a day. Whether it was kept is worked out, never typed."""

    PERSONAL_FIELDS = frozenset({"to_whom", "words", "withdrawn_why"})

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="promises")
    to_whom = models.CharField(max_length=200, help_text="A customer, a partner, a board: who counts on it.")
    words = models.CharField(max_length=500, blank=True, help_text="What was said, as it was said.")
    due_on = models.DateField("promised for")
    made_on = models.DateField("promised on")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(to_whom=""), name="a_promise_is_made_to_somebody"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="a_promise_taken_back_says_why",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="promises_by_day")]

    def __str__(self) -> str:
        return f"promise {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its line in the log."""
        return f"{reverse('roadmap:promise-list')}#promise-{self.pk}"

    @property
    def team_id(self) -> int:
        """Return whose it is: its initiative's team."""
        return int(self.initiative.team_id)


class SavedViewQuerySet(models.QuerySet):
    """Saved views, by whose they are."""

    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """Keep a person's own and those that were shared with their teams; what is not shared is its owner's alone."""
        if not getattr(user, "is_active", False):
            return self.none()
        shared = Q(team__isnull=False) if user.is_ops else Q(team__in=user.team_ids)
        return self.filter(Q(owner=user.pk) | shared) if user.pk else self.filter(shared)


class SavedView(models.Model):
    """A view of the roadmap that somebody kept: what its address asks for. Each who opens it sees what they may."""

    name = models.CharField(max_length=120)
    asked = models.JSONField(default=dict, help_text="The view and its filters, by their names in the address.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roadmap_views")
    team = models.ForeignKey(
        "portal_people.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose members see it too; empty: it is its owner's alone.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="a_person_has_one_view_of_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the roadmap as it was kept."""
        return f"{reverse('roadmap:board')}?{urlencode({**self.asked, 'saved': self.pk})}"


class RoadmapVisit(models.Model):
    """When somebody last looked at the roadmap, and when they did the time before."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roadmap_visit")
    seen_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return f"visit of user {self.user_id}"


class RoadmapFeed(models.Model):
    """A secret address at which a calendar reads releases and promises; kept as a hash that opens it, and sealed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roadmap_feed")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_token = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["user"]

    def __str__(self) -> str:
        return f"roadmap calendar of user {self.user_id}"
