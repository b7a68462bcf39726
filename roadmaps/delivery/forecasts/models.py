"""Forecasts as they were made, night by night, with what came; and what forecasts of the past would have been worth."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from roadmaps.planning.initiatives.public import Initiative, visible_initiatives
from roadmaps.planning.releases.public import Release


class ForecastQuerySet(models.QuerySet):
    """Forecasts, by who may see what they are of."""

    def visible_to(self, user: Any) -> "ForecastQuerySet":
        """Keep those of initiatives and releases that the user may read."""
        releases = Release.objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(initiative__in=visible_initiatives(user)) | Q(release__in=releases))

    def of_rows(self) -> "ForecastQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("initiative__product", "release__product", "product")

    def newest(self) -> "ForecastQuerySet":
        """Keep the newest of each thing."""
        return self.filter(is_newest=True)

    def judged(self) -> "ForecastQuerySet":
        """Keep those that said a date and of which it is known by now what came."""
        return self.filter(why_none="", finished_on__gt=models.F("made_on"))


class Forecast(models.Model):
    """When an initiative or a release will be done, as it was said on a day; never changed but for what came.

    p50, p85, p95 — the last day of the first week with at least that chance; null: later than ten years, or nothing can
    be said (why_none). n_ahead — items that come before its own where the pace is shared. finished_on — when it was
    done indeed; null: it is not.
    """

    class Basis(models.TextChoices):
        OWN = "own", "its own pace"
        ROADMAP = "roadmap", "the pace of all initiatives of the product, in the roadmap's order"
        PRODUCT = "product", "the pace of all items of the product, in the roadmap's order"

    product = models.ForeignKey("portal_people.Product", on_delete=models.CASCADE, related_name="forecasts")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, null=True, blank=True, related_name="forecasts"
    )
    release = models.ForeignKey(Release, on_delete=models.CASCADE, null=True, blank=True, related_name="forecasts")
    made_on = models.DateField()
    basis = models.CharField(max_length=8, choices=Basis.choices)
    n_weeks = models.PositiveSmallIntegerField(help_text="Whole weeks of history that it is made of.")
    n_done = models.PositiveIntegerField()
    n_left = models.PositiveIntegerField()
    n_ahead = models.PositiveIntegerField(default=0)
    p50 = models.DateField(null=True, blank=True)
    p85 = models.DateField(null=True, blank=True)
    p95 = models.DateField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True, help_text="What was promised or planned on that day.")
    why_none = models.CharField(max_length=200, blank=True)
    seed = models.BigIntegerField()
    is_newest = models.BooleanField(default=True)
    finished_on = models.DateField(null=True, blank=True)
    drift: int | None = None  # days that P85 moved in four weeks, where `queries.with_drift` read it
    looks = ""  # how its promise looks, where a page asked

    objects = ForecastQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(initiative=None, release__isnull=False) | Q(initiative__isnull=False, release=None),
                name="a_forecast_is_of_one_thing",
            ),
            models.UniqueConstraint(fields=["initiative", "made_on"], name="an_initiative_is_forecast_once_a_day"),
            models.UniqueConstraint(fields=["release", "made_on"], name="a_release_is_forecast_once_a_day"),
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(is_newest=True), name="an_initiative_has_one_newest_forecast"
            ),
            models.UniqueConstraint(
                fields=["release"], condition=Q(is_newest=True), name="a_release_has_one_newest_forecast"
            ),
        ]
        indexes = [models.Index(fields=["product", "p85"], condition=Q(is_newest=True), name="newest_forecasts")]

    def __str__(self) -> str:
        return f"{self.thing} on {self.made_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the page of its thing's forecasts."""
        if self.initiative_id:
            return reverse("forecasts:initiative", args=[self.initiative_id])
        return reverse("forecasts:release", args=[self.release_id])

    @property
    def thing(self) -> Any:
        """Return the initiative or the release that it is of."""
        return self.initiative if self.initiative_id else self.release

    @property
    def n_all(self) -> int:
        """Return how many items the thing had."""
        return self.n_done + self.n_left

    @property
    def shown(self) -> list[tuple[int, date | None]]:
        """Return its dates by percent, as pages show them."""
        return [(50, self.p50), (85, self.p85), (95, self.p95)]

    @property
    def earlier(self) -> int:
        """Return by how many days it moved forward, of one whose drift was read."""
        return -self.drift


class BacktestQuerySet(models.QuerySet):
    """Backtests, by who may see their product."""

    def visible_to(self, user: Any) -> "BacktestQuerySet":
        """Keep those of products that the user may read."""
        return self.filter(product__in=[product.pk for product in user.visible_products])


class Backtest(models.Model):
    """What forecasts of the next items would have been worth in the second half of a product's history."""

    product = models.OneToOneField("portal_people.Product", on_delete=models.CASCADE, related_name="+")
    made_on = models.DateField()
    n_items = models.PositiveIntegerField()
    n_weeks = models.PositiveIntegerField(help_text="Whole weeks of history.")
    n_forecasts = models.PositiveIntegerField()
    n_by_p50 = models.PositiveIntegerField()
    n_by_p85 = models.PositiveIntegerField()
    n_by_p95 = models.PositiveIntegerField()

    objects = BacktestQuerySet.as_manager()

    class Meta:
        ordering = ["product"]

    def __str__(self) -> str:
        return f"backtest of {self.product}"
