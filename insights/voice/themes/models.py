"""Themes: what feedback of a product is about, as a tree; and what is linked to them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from insights.voice.feedback.public import Feedback
from insights.voice.highlights.public import Highlight, Piece, piece_field
from insights.voice.themes.contracts import Branch
from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet


class ThemeQuerySet(TeamOwnedQuerySet):
    """Themes, read."""

    def live(self) -> "ThemeQuerySet":
        """Keep those that were not merged into another."""
        return self.filter(merged_into=None)

    def matching(self, text: str) -> "ThemeQuerySet":
        """Keep those whose name or description holds each word."""
        found = self
        for word in text.split():
            found = found.filter(Q(name__icontains=word) | Q(description__icontains=word))
        return found

    def branches(self, product: "Product | models.QuerySet") -> list[Branch]:
        """Return all themes of a product as the tree needs them; a queryset names the product by its number."""
        rows = self.filter(product=product).values_list("pk", "name", "parent_id", "merged_into_id")
        return [Branch(*row) for row in rows]


class Theme(TeamOwned):
    """What several pieces of feedback of a product are about; a place in the product's tree.

    `merged_into` is set while it counts as another theme: nothing moves then, so it can be taken back.
    """

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="themes")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, help_text="What belongs to it, and what does not.")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", help_text="The larger theme."
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    version = models.PositiveIntegerField(default=1)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["product", "name"]
        constraints = [
            models.UniqueConstraint(
                "product",
                Lower("name"),
                condition=Q(merged_into=None),
                name="a_theme_has_its_own_name_in_a_product",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="a_theme_is_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="a_theme_is_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("themes:theme-page", args=[self.pk])


class Importance(models.IntegerChoices):
    """How much it matters to who said it."""

    NICE = 1, "Nice to have"
    IMPORTANT = 2, "Important"
    CRITICAL = 3, "Critical"


class ThemeLinkQuerySet(models.QuerySet):
    """Links, by who may see what they link."""

    def visible_to(self, user: Any) -> "ThemeLinkQuerySet":
        """Keep those whose theme and whose text the user may read."""
        return self.of_seen_texts(user).filter(theme__in=Theme.objects.visible_to(user))

    def of_seen_texts(self, user: Any) -> "ThemeLinkQuerySet":
        """Keep those of texts that the user may read."""
        pieces, highlights = Feedback.objects.visible_to(user), Highlight.objects.visible_to(user)
        return self.filter(Q(feedback__in=pieces) | Q(highlight__in=highlights))

    def of_piece(self, piece: Piece) -> "ThemeLinkQuerySet":
        """Keep those of a piece of feedback, or of highlights in it or in a conversation."""
        within = Q(**{f"highlight__{piece_field(piece)}": piece})
        return self.filter(within | Q(feedback=piece) if isinstance(piece, Feedback) else within)


class ThemeLink(models.Model):
    """Says that a piece of feedback, or words of one or of a conversation, are about a theme, and how much."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="links")
    feedback = models.ForeignKey(
        "insights_voice_feedback.Feedback",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="theme_links",
        help_text="The whole piece; or a highlight.",
    )
    highlight = models.ForeignKey(
        Highlight, on_delete=models.CASCADE, null=True, blank=True, related_name="theme_links"
    )
    importance = models.SmallIntegerField(choices=Importance.choices, default=Importance.IMPORTANT)
    imported_in = models.ForeignKey(
        "insights_imports.Import",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The import that made it, out of a file's labels.",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ThemeLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "link to a theme"
        verbose_name_plural = "links to themes"
        constraints = [
            models.CheckConstraint(
                condition=Q(feedback=None, highlight__isnull=False) | Q(feedback__isnull=False, highlight=None),
                name="a_theme_is_linked_to_a_piece_or_to_a_highlight",
            ),
            models.UniqueConstraint(fields=["theme", "feedback"], name="a_piece_is_linked_to_a_theme_once"),
            models.UniqueConstraint(fields=["theme", "highlight"], name="a_highlight_is_linked_to_a_theme_once"),
            models.CheckConstraint(condition=Q(importance__range=(1, 3)), name="importance_is_one_to_three"),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"

    @property
    def piece(self) -> Piece:
        """Return the piece of feedback or the conversation that it is of."""
        return self.feedback if self.feedback_id else self.highlight.piece
