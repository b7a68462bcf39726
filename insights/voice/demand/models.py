"""Where in the product a theme is about."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from insights.adoption.public import Feature
from insights.voice.themes.public import Theme


class ThemeAreaQuerySet(models.QuerySet):
    """Areas, by who may read their themes."""

    def visible_to(self, user: Any) -> "ThemeAreaQuerySet":
        """Keep those of themes that the user may read."""
        return self.filter(theme__in=Theme.objects.visible_to(user))

    def dressed(self) -> "ThemeAreaQuerySet":
        """Fetch along what pages show beside it."""
        return self.select_related("theme__product", "theme__team", "feature__product")


class ThemeArea(models.Model):
    """Which part of the product a theme is about: a feature, or events of the catalogue, as event specs.

    Themes below it are about the same, unless they have an area of their own.
    """

    theme = models.OneToOneField(Theme, on_delete=models.CASCADE, related_name="area")
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, null=True, blank=True, related_name="theme_areas")
    events = models.JSONField(default=list, blank=True, help_text="Event specs; empty where a feature is named.")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects = ThemeAreaQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "area of a theme"
        verbose_name_plural = "areas of themes"
        constraints = [
            models.CheckConstraint(
                condition=Q(feature=None) & ~Q(events=[]) | Q(feature__isnull=False, events=[]),
                name="an_area_is_a_feature_or_events",
            )
        ]

    def __str__(self) -> str:
        return f"area of theme {self.theme_id}"

    def get_absolute_url(self) -> str:
        """Return the page of the theme."""
        return f"{reverse('themes:theme-page', args=[self.theme_id])}#say-and-do"

    @property
    def team_id(self) -> int:
        """Return the team of the theme."""
        return self.theme.team_id

    @property
    def name(self) -> str:
        """Return what it is called: the feature's name, or the events'."""
        if self.feature:
            return self.feature.name
        names = [str(spec.get("event") or "any event") for spec in self.events]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

    def as_feature(self) -> Feature:
        """Return it as the question about adoption names it."""
        return self.feature or Feature(product=self.theme.product, name=self.name[:100], events=self.events)
