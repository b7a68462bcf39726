"""Where events come from, and the space in which their ids live."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Max, OuterRef, Subquery

from insights.events.models.part import Part
from portal.people.public import Product, validate_time_zone


class IdSpace(models.Model):
    """A space of ids: equal distinct ids in one space are one person, in two spaces two."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    product = models.OneToOneField(
        "portal_people.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="id_space",
        help_text="The product whose sources use this space by default.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SourceQuerySet(models.QuerySet):
    """Sources, by who may see them."""

    def visible_to(self, user) -> "SourceQuerySet":
        """Keep the sources of products that this user may see."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(product__in=Product.objects.visible_to(user))

    def with_data_until(self) -> "SourceQuerySet":
        """Add the time of each source's newest event that is stored now."""
        newest = Part.objects.filter(source=OuterRef("pk"), kind=Part.Kind.EVENTS, removed_version=None)
        newest = newest.order_by().values("source").annotate(newest=Max("max_ts")).values("newest")
        return self.annotate(data_until=Subquery(newest))

    def active(self) -> "SourceQuerySet":
        """Keep the sources that are not paused."""
        return self.filter(state=Source.State.ACTIVE)


class Source(models.Model):
    """One stream of events: a file upload, a watched folder, a query or an API key's events."""

    class Kind(models.TextChoices):
        UPLOAD = "upload", "Uploaded files"
        FOLDER = "folder", "Watched folder"
        SQL = "sql", "SQL query"
        API = "api", "Capture API"
        PORTAL = "portal", "The portal itself"

    class IdenticalRows(models.TextChoices):
        KEEP = "keep", "Two identical rows are two events"
        DROP = "drop", "Identical rows are one event"

    class Schedule(models.TextChoices):
        BY_HAND = "", "By hand"
        QUARTER_HOURLY = "15m", "Every 15 minutes"
        HOURLY = "1h", "Every hour"
        NIGHTLY = "night", "Every night"

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    description = models.TextField(blank=True)
    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="sources")
    id_space = models.ForeignKey(IdSpace, on_delete=models.PROTECT, related_name="sources")
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone], default="UTC")
    identical_rows = models.CharField(max_length=4, choices=IdenticalRows.choices, default=IdenticalRows.KEEP)
    earliest_on = models.DateField(null=True, blank=True, help_text="Events before this day are quarantined.")
    mapping = models.JSONField(default=dict, blank=True, help_text="How columns become events; see the wizard.")
    schedule = models.CharField(max_length=10, choices=Schedule.choices, default=Schedule.BY_HAND, blank=True)
    fresh_by = models.TimeField(
        null=True, blank=True, help_text="The promise: new data by this time of day, in the source's time zone."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def team_id(self) -> int:
        """Return the team of the product, who may change this source."""
        return self.product.team_id

    @property
    def visibility(self) -> str:
        """Return the product's visibility, which a source follows."""
        return self.product.visibility

    @property
    def is_active(self) -> bool:
        """Say whether the source takes new events."""
        return self.state == self.State.ACTIVE

    @property
    def earliest_day(self) -> dt.date:
        """Return the first day on which an event of this source may lie."""
        return max(self.earliest_on or dt.date(1970, 1, 1), dt.date(1970, 1, 1))
