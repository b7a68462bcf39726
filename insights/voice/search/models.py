"""Searches that people keep, and how many texts of each team hold which word, to know a slip of the hand by."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse


class SavedSearchQuerySet(models.QuerySet):
    """Saved searches, by whose they are."""

    def visible_to(self, user: Any) -> "SavedSearchQuerySet":
        """Keep a person's own and those that were shared with their teams; what is not shared is its owner's alone."""
        if not getattr(user, "is_active", False):
            return self.none()
        shared = Q(team__isnull=False) if user.is_ops else Q(team__in=user.team_ids)
        return self.filter(Q(owner=user.pk) | shared) if user.pk else self.filter(shared)


class SavedSearch(models.Model):
    """A search that somebody kept: its words and filters as they stand in the address of the page.

    Each who opens it finds what they may read, whoever saved it.
    """

    PERSONAL_FIELDS = frozenset({"name", "asked"})

    name = models.CharField(max_length=120)
    asked = models.JSONField(help_text="The words and filters, by their names in the address.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    team = models.ForeignKey(
        "portal_people.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose members see it too; empty: it is its owner's alone.",
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="a_person_has_one_search_of_a_name"),
        ]

    def __str__(self) -> str:
        return f"saved search {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the page of what it finds now."""
        return f"{reverse('search:find')}?{urlencode(self.asked)}"


class WordList(models.Model):
    """The words of a team's texts, or with no team those of what is shared, and when they were counted."""

    team = models.OneToOneField("portal_people.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    stamp = models.CharField(max_length=200, blank=True, help_text="What the texts came to when they were counted.")
    n_texts = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team"], nulls_distinct=False, name="the_words_of_a_team_are_counted_once")
        ]

    def __str__(self) -> str:
        return f"words of team {self.team_id}" if self.team_id else "words of the company"


class Word(models.Model):
    """A word as stemmers leave it, and in how many texts of a list it stands."""

    PERSONAL_FIELDS = frozenset({"lexeme"})

    words = models.ForeignKey(WordList, on_delete=models.CASCADE, related_name="counted")
    lexeme = models.CharField(max_length=40)
    n_texts = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["words", "lexeme"], name="a_word_is_counted_once_in_a_list")]
        indexes = [
            GinIndex(OpClass("lexeme", name="gin_trgm_ops"), name="words_by_shared_letters"),
            models.Index(OpClass("lexeme", name="text_pattern_ops"), name="words_by_beginning"),
        ]

    def __str__(self) -> str:
        return f"word {self.pk}"
