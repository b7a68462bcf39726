"""What triage keeps: each decision about a piece, to be undone and counted, and what was asked back."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from insights.voice.feedback.public import Feedback
from insights.voice.themes.public import Importance, Theme, ThemeLink


class DecisionQuerySet(models.QuerySet):
    """Decisions, by whose they are."""

    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Keep those of the user's teams; everything for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(team_id__in=user.team_ids)

    def standing(self) -> "DecisionQuerySet":
        """Keep those that were not undone."""
        return self.filter(undone_at=None)


class Decision(models.Model):
    """One step of triage: what somebody decided about a piece, from which it can be taken back.

    `version` is that of the piece right after it; `seconds` how long the piece had been on the screen.
    """

    PERSONAL_FIELDS = frozenset({"note"})

    class Kind(models.TextChoices):
        LINK = "link", "Linked to a theme"
        ARCHIVE = "archive", "Archived"
        SPLIT = "split", "Split"
        ASSIGN = "assign", "Assigned"
        ASK = "ask", "Asked back"

    class Reason(models.TextChoices):
        UNCLEAR = "unclear", "Too little to go by"
        REPEATED = "repeated", "Said already by the same person"
        ELSEWHERE = "elsewhere", "Dealt with elsewhere"
        OUTSIDE = "outside", "Not about this product"
        NOISE = "noise", "Advertising or a test"

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="decisions")
    team = models.ForeignKey("portal_people.Team", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    version = models.PositiveIntegerField()
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, null=True, related_name="+")
    link = models.ForeignKey(ThemeLink, on_delete=models.SET_NULL, null=True, related_name="+")
    is_new_link = models.BooleanField(default=False)
    importance = models.SmallIntegerField(choices=Importance.choices, null=True)
    was_suggested = models.BooleanField(default=False)
    reason = models.CharField(max_length=9, choices=Reason.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    assignee_before = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    seconds = models.FloatField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["team", "-created_at"], name="decisions_of_a_team"),
            models.Index(fields=["created_by", "-id"], name="decisions_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"

    @property
    def in_words(self) -> str:
        """Return what was done to the piece: “linked it to “Speed””."""
        if self.kind == self.Kind.LINK:
            return f"linked it to “{self.theme}”" if self.theme else "linked it to a theme that is gone"
        if self.kind == self.Kind.ASSIGN:
            return f"gave it to {self.assignee}" if self.assignee else "gave it to nobody in particular"
        done = {self.Kind.ARCHIVE: "archived it", self.Kind.SPLIT: "split it", self.Kind.ASK: "asked back about it"}
        reason = f" ({self.get_reason_display().lower()})" if self.reason else ""
        return done[self.Kind(self.kind)] + reason


class InquiryQuerySet(models.QuerySet):
    """Inquiries, by who may read the pieces."""

    def visible_to(self, user: Any) -> "InquiryQuerySet":
        """Keep those about pieces of the user's teams; everything for ops."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(feedback__team_id__in=user.team_ids)

    def open(self) -> "InquiryQuerySet":
        """Keep those that wait for an answer."""
        return self.filter(answered_at=None)


class Inquiry(models.Model):
    """What was asked back about a piece: of a colleague, whom the portal tells; or a draft to who said it.

    Nothing leaves the company: a draft is sent by whoever wrote it. The piece rests until the answer is there.
    """

    PERSONAL_FIELDS = frozenset({"text"})

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="inquiries")
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="inquiry")
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Who was asked; nobody: it is a draft to who said it.",
    )
    text = models.TextField(max_length=4_000)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "inquiries"
        indexes = [models.Index(fields=["feedback", "answered_at"], name="inquiries_about_a_piece")]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the piece in the inbox."""
        return f"{reverse('triage:inbox')}?at={self.feedback_id}"
