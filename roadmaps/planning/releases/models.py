"""Releases: what comes out together, when it is planned and when it came."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from insights.dashboards.public import Annotation
from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in
from roadmaps.planning.initiatives.public import Initiative, visible_initiatives


class ReleaseQuerySet(TeamOwnedQuerySet):
    """Releases, read."""

    def matching(self, text: str) -> "ReleaseQuerySet":
        """Keep those whose name or notes hold each word."""
        return self.filter(words_in(text, "name", "notes", "product__name"))

    def of_rows(self) -> "ReleaseQuerySet":
        """Read with each what a row shows of it."""
        return self.select_related("product", "team", "owner")

    def out(self) -> "ReleaseQuerySet":
        """Keep those that came out."""
        return self.filter(state=Release.State.RELEASED)

    def counted(self, user: Any) -> "ReleaseQuerySet":
        """Add how many initiatives are in each that a user may see, as `n_initiatives`."""
        seen = Q(initiatives__in=visible_initiatives(user))
        return self.annotate(n_initiatives=models.Count("initiatives", filter=seen, distinct=True))


class Release(TeamOwned):
    """What of a product comes out together: planned for a day, then out since a moment.

    `said` is what those who asked for it were told, "" where nobody was to hear; `annotation` is the note that charts
    of its product carry since it is out.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        RELEASED = "released", "Out"
        CANCELLED = "cancelled", "Cancelled"

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="releases")
    name = models.CharField(max_length=120)
    planned_on = models.DateField("planned for")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    notes = models.TextField(blank=True, help_text="What is new in it. Markdown.")
    said = models.TextField(blank=True, help_text="What those who asked for it are told.")
    annotation = models.OneToOneField(
        Annotation, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="release"
    )
    initiatives = models.ManyToManyField(Initiative, through="ReleaseItem", related_name="releases")
    version = models.PositiveIntegerField(default=1)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_release_has_a_name"),
            models.UniqueConstraint("product", Lower("name"), name="a_product_has_one_release_of_a_name"),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False) | (~Q(state="released") & Q(released_at=None)),
                name="a_release_that_is_out_says_since_when",
            ),
        ]
        indexes = [models.Index(fields=["product", "planned_on"], name="releases_of_a_product")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("releases:release-page", args=[self.pk])

    @property
    def is_out(self) -> bool:
        """Say whether it came out."""
        return self.state == self.State.RELEASED

    @property
    def released_on(self) -> date | None:
        """Return the local day on which it came out."""
        return timezone.localdate(self.released_at) if self.released_at else None

    @property
    def on(self) -> date:
        """Return the day that it stands for in a calendar: when it came out, else when it is planned."""
        return self.released_on or self.planned_on


class ReleaseItemQuerySet(models.QuerySet):
    """What is in releases, by who may see both ends."""

    def visible_to(self, user: Any) -> "ReleaseItemQuerySet":
        """Keep those of releases and of initiatives that the user may read."""
        releases = Release.objects.visible_to(user).order_by().values("pk")
        return self.filter(release__in=releases, initiative__in=visible_initiatives(user))


class ReleaseItem(models.Model):
    """Says that an initiative, or a part of it, is in a release."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="items")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="release_items")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReleaseItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["release", "initiative"], name="an_initiative_is_in_it_once")]

    def __str__(self) -> str:
        return f"{self.initiative_id} in {self.release_id}"


class ReleaseReaction(models.Model):
    """Notes that a listener did its part for a release: written in the transaction of that part, so it is done once."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="reactions")
    listener = models.CharField(max_length=60)
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["release", "listener"], name="a_listener_reacts_to_it_once")]

    def __str__(self) -> str:
        return f"{self.listener} of release {self.release_id}"
