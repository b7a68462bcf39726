"""Highlights: quoted parts of what somebody said."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.voice.feedback.public import Feedback
from insights.voice.texts.public import Anchor, excerpt, mask_part
from portal.people.public import is_insider


class HighlightQuerySet(models.QuerySet):
    """Highlights, by who may see what they quote."""

    def visible_to(self, user: Any) -> "HighlightQuerySet":
        """Keep those of texts that the user may read."""
        return self.filter(feedback__in=Feedback.objects.visible_to(user))

    def inside_of(self, user: Any) -> "HighlightQuerySet":
        """Keep those of texts that the user sees whole."""
        return self if user.is_ops else self.filter(feedback__team_id__in=user.team_ids)

    def matching(self, text: str, user: Any) -> "HighlightQuerySet":
        """Keep those whose quote or note holds each word; of the user's teams: a quote may cut an address in two."""
        found = self.inside_of(user)
        for word in text.split():
            found = found.filter(Q(quote__icontains=word) | Q(note__icontains=word))
        return found

    def dressed(self) -> "HighlightQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("created_by", "feedback__product", "feedback__team").select_related(
            "feedback__channel", "feedback__person", "feedback__account", "feedback__owner"
        )


class Highlight(models.Model):
    """A quoted part of a text; keeps its words, what stood round them, and its place while the text is edited.

    `start` is the place of its first letter in the text as it is now, in code points; null once too little of the words
    is left in the text: then the quote is what was said before the edit.
    """

    PERSONAL_FIELDS = frozenset({"quote", "original", "prefix", "suffix", "note"})

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="highlights")
    quote = models.TextField()
    original = models.TextField(blank=True, help_text="The words that were quoted first, once the text has changed.")
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    start = models.IntegerField(null=True)
    note = models.CharField(max_length=500, blank=True, help_text="Why it matters, in one's own words.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = HighlightQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "start", "quote"], name="words_of_a_text_are_highlighted_once"),
            models.CheckConstraint(condition=~Q(quote=""), name="a_highlight_quotes_something"),
        ]

    def __str__(self) -> str:
        return f"highlight {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its place on the page of the text."""
        return f"{reverse('feedback:feedback-page', args=[self.feedback_id])}#mark-{self.mark_name}"

    @property
    def mark_name(self) -> str:
        """Return how its mark is called in the text's page."""
        return f"h{self.pk}"

    @property
    def team_id(self) -> int:
        """Return the team whose text it quotes."""
        return self.feedback.team_id

    @property
    def anchor(self) -> Anchor:
        """Return where it stood when its place was last known."""
        return Anchor(self.quote, self.prefix, self.suffix, self.start or 0)

    @property
    def is_lost(self) -> bool:
        """Say whether its words are in the text no more."""
        return self.start is None

    def set_anchor(self, anchor: Anchor) -> None:
        """Take a place; the words that were quoted first are kept."""
        if self.quote and self.quote != anchor.quote and not self.original:
            self.original = self.quote
        self.quote, self.prefix, self.suffix, self.start = anchor.quote, anchor.prefix, anchor.suffix, anchor.start

    def quote_for(self, user: Any) -> str:
        """Return its words as a reader may see them: masked for others than the team and ops."""
        return self.quote if is_insider(user, self.team_id) else self.masked_quote

    @property
    def masked_quote(self) -> str:
        """Return its words without what is masked in the text that it quotes, also where it cuts an address in two."""
        text = self.feedback.text
        if self.start is None:
            text, start = self.prefix + self.quote + self.suffix, len(self.prefix)
        else:
            start = self.start
        return mask_part(text, start, start + len(self.quote))

    @property
    def shared_excerpt(self) -> str:
        """Return its beginning as anybody may read it who sees it."""
        return excerpt(self.masked_quote, 80)
