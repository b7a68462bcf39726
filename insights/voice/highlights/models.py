"""Highlights: quoted parts of what somebody said, in feedback or in a conversation."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from insights.events.public import Source
from insights.voice.conversations.public import NOTES, PARTS, Conversation, Participant
from insights.voice.feedback.public import Feedback
from insights.voice.texts.public import Anchor, Fits, build_query, excerpt, mask_part
from portal.people.public import Visibility, is_insider
from portal.shell.public import BadInput

Piece = Feedback | Conversation


class HighlightQuerySet(models.QuerySet):
    """Highlights, by who may see what they quote."""

    def visible_to(self, user: Any) -> "HighlightQuerySet":
        """Keep those of texts that the user may read: of others' shared conversations, the notes alone."""
        if not getattr(user, "is_active", False):
            return self.none()
        if user.is_ops:
            return self
        # By the texts' own rows, which lists join anyway: a list of all that may be read would be read whole.
        shared = Q(feedback__visibility=Visibility.COMPANY) | Q(conversation__visibility=Visibility.COMPANY, part=NOTES)
        own = Q(feedback__team_id__in=user.team_ids) | Q(conversation__team_id__in=user.team_ids)
        return self.filter(shared | own)

    def inside_of(self, user: Any) -> "HighlightQuerySet":
        """Keep those of texts that the user sees whole."""
        if not getattr(user, "is_active", False):
            return self.none()
        if user.is_ops:
            return self
        return self.filter(Q(feedback__team_id__in=user.team_ids) | Q(conversation__team_id__in=user.team_ids))

    def of_piece(self, piece: Piece) -> "HighlightQuerySet":
        """Keep those in a piece of feedback or in a conversation."""
        return self.filter(**{piece_field(piece): piece})

    def matching(self, text: str, user: Any) -> "HighlightQuerySet":
        """Keep those whose quote or note holds the words; of the user's teams: a quote may cut an address in two."""
        return self.fitting(build_query(text), user)

    def fitting(self, query: str, user: Any) -> "HighlightQuerySet":
        """Keep those of the user's teams that fit a query of words."""
        return self.inside_of(user).filter(Fits("words", query)) if query else self.none()

    def with_said_on(self) -> "HighlightQuerySet":
        """Add the day on which it was said and the product's name, to sort by."""
        return self.annotate(
            said_on=Coalesce("feedback__said_on", "conversation__held_on"),
            product_name=Coalesce("feedback__product__name", "conversation__product__name"),
        )

    def with_sources(self) -> "HighlightQuerySet":
        """Fetch along the sources that know who said each piece of feedback, as feedback does for its list."""
        sources = Source.objects.filter(product=models.OuterRef("feedback__product")).order_by("pk").values("pk")
        return self.annotate(source_ids=ArraySubquery(sources))

    def dressed(self) -> "HighlightQuerySet":
        """Fetch along what lists and pages show beside it."""
        participants = Participant.objects.select_related("person", "account")
        return self.with_texts().prefetch_related(models.Prefetch("conversation__participants", participants))

    def with_texts(self) -> "HighlightQuerySet":
        """Fetch along the texts that they quote, but not who took part."""
        return (
            self.select_related("created_by", "feedback__product", "feedback__team")
            .select_related("feedback__channel", "feedback__person", "feedback__account", "feedback__owner")
            .select_related("conversation__product", "conversation__team", "conversation__owner")
        )


def piece_field(piece: Piece) -> str:
    """Return the name of the field that says of which piece a highlight or a link is."""
    return "feedback" if isinstance(piece, Feedback) else "conversation"


def one_piece(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with the one text that they name, feedback or a conversation, under `piece`."""
    named = [values.get(name) for name in ("feedback", "conversation")]
    pieces = [one for one in named if one is not None]
    if len(pieces) != 1:
        raise BadInput(fields={"feedback": ["Name a piece of feedback or a conversation; one of them."]})
    rest = {name: value for name, value in values.items() if name not in ("feedback", "conversation")}
    return {**rest, "piece": pieces[0]}


def text_of(piece: Piece, part: str) -> str:
    """Return the text on which places count."""
    return piece.text if isinstance(piece, Feedback) else piece.text_of(part)


class Highlight(models.Model):
    """A quoted part of a text; keeps its words, what stood round them, and its place while the text is edited.

    `start` is the place of its first letter in the text as it is now, in code points; null once too little of the words
    is left in the text: then the quote is what was said before the edit. In a conversation, `part` says in which of its
    texts, and `speaker` in whose turn of the transcript, "" where nobody is named.
    """

    PERSONAL_FIELDS = frozenset({"quote", "original", "prefix", "suffix", "note", "speaker"})

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, null=True, blank=True, related_name="highlights")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="highlights"
    )
    part = models.CharField(max_length=10, blank=True, choices=list(PARTS.items()))
    speaker = models.CharField(max_length=80, blank=True)
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
            models.UniqueConstraint(
                fields=["conversation", "part", "start", "quote"], name="words_of_a_talk_are_highlighted_once"
            ),
            models.CheckConstraint(
                condition=Q(feedback__isnull=False, conversation=None, part="")
                | Q(feedback=None, conversation__isnull=False, part__in=list(PARTS)),
                name="a_highlight_is_of_feedback_or_of_a_conversation",
            ),
            models.CheckConstraint(condition=~Q(quote=""), name="a_highlight_quotes_something"),
        ]

    def __str__(self) -> str:
        return f"highlight {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its place on the page of the text."""
        kind, pk = ("feedback", self.feedback_id) if self.feedback_id else ("conversation", self.conversation_id)
        room = "feedback" if self.feedback_id else "conversations"
        return f"{reverse(f'{room}:{kind}-page', args=[pk])}#mark-{self.mark_name}"

    @property
    def piece(self) -> Piece:
        """Return the piece of feedback or the conversation that it quotes."""
        return self.feedback if self.feedback_id else self.conversation

    @property
    def mark_name(self) -> str:
        """Return how its mark is called in the text's page."""
        return f"h{self.pk}"

    @property
    def team_id(self) -> int:
        """Return the team whose text it quotes."""
        return self.piece.team_id

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
        text = text_of(self.piece, self.part)
        if self.start is None:
            text, start = self.prefix + self.quote + self.suffix, len(self.prefix)
        else:
            start = self.start
        return mask_part(text, start, start + len(self.quote))

    @property
    def shared_excerpt(self) -> str:
        """Return its beginning as anybody may read it who sees it."""
        return excerpt(self.masked_quote, 80)
