"""Packs: dashboards frozen with every number as it was. A trigger refuses each change of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from insights.dashboards.models import Dashboard, Tile
from portal.people.public import Product


class PackQuerySet(models.QuerySet):
    """Packs, by whom they may be read."""

    def visible_to(self, user) -> "PackQuerySet":
        """Keep the packs of dashboards that this user may read, archived or not."""
        return self.filter(dashboard__in=Dashboard.objects.visible_to(user).order_by())


class Pack(models.Model):
    """A dashboard as it was at a moment, for a meeting; never changed, and removed by ops alone, with a reason."""

    name = models.CharField(max_length=120)
    dashboard = models.ForeignKey(Dashboard, on_delete=models.PROTECT, related_name="packs")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    dashboard_title = models.CharField(max_length=120)
    held_on = models.DateField(help_text="The day of the meeting that it is for.")
    note = models.TextField(blank=True, max_length=2000)
    range_words = models.CharField(max_length=120)
    date_from = models.CharField(max_length=20, blank=True)
    date_to = models.CharField(max_length=10, blank=True)
    filters = models.JSONField(default=list, blank=True)
    data_version = models.BigIntegerField()
    frozen_at = models.DateTimeField(default=timezone.now)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="a_pack_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("sharing:pack-page", args=[self.pk])

    @property
    def team_id(self) -> int:
        """Return the dashboard's team, which rules over its packs."""
        return self.dashboard.team_id


class PackTile(models.Model):
    """A tile of a pack: its text, or its answer as it was with the question that gave it.

    `asks` is the tile's own question, `asked` the one under the dashboard's dates and filters with its days made
    plain, so that it can be asked again. Without an answer, `left_out` says why.
    """

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="tiles")
    tile = models.ForeignKey(Tile, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200, blank=True)
    chart = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    source_of_question = models.CharField(max_length=220, blank=True, help_text="Such as: insight “…”, version 3.")
    asks = models.JSONField(null=True, blank=True)
    asked = models.JSONField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    left_out = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["place"]
        verbose_name = "tile of a pack"
        verbose_name_plural = "tiles of packs"
        constraints = [
            models.UniqueConstraint(fields=["pack", "place"], name="a_pack_has_a_tile_in_each_place"),
            models.CheckConstraint(
                condition=Q(kind="text") | Q(answer__isnull=False, asked__isnull=False) | ~Q(left_out=""),
                name="a_frozen_tile_has_its_answer_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return self.title or "Text"

    @property
    def counts(self) -> dict:
        """Return the question to the event store: what is asked, or for a metric what its version asks."""
        asked = self.asked or {}
        if asked.get("kind") != "metric":
            return asked
        return {**asked["definition"], **{name: asked[name] for name in ("date_from", "date_to")}}


class PackCheck(models.Model):
    """What a look at the store since the freezing has found: events that came late, and loads, undos, merges, erasures.

    `version` is the store's version up to which it holds.
    """

    tile = models.OneToOneField(PackTile, on_delete=models.CASCADE, related_name="check_since")
    version = models.BigIntegerField()
    n_late = models.PositiveBigIntegerField(default=0)
    changes = models.JSONField(default=list)
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "check of a frozen tile"
        verbose_name_plural = "checks of frozen tiles"

    def __str__(self) -> str:
        return f"tile {self.tile_id} up to version {self.version}"
