"""Tables of the catalogue: every event name and property of a product, what people say of it, and when it was seen."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from insights.events.public import Source

QUIET_AFTER = timedelta(days=14)
_LEAST_EVENTS = 10  # a handful of events never makes a habit that could stop


class Status(models.TextChoices):
    """What people think of a name. Names found in a source's first reading are expected, later ones not yet."""

    EXPECTED = "expected", "Expected"
    UNEXPECTED = "unexpected", "Unexpected"
    RETIRED = "retired", "Retired"


class EntryQuerySet(models.QuerySet):
    """Entries of the catalogue, by who may see their product."""

    def visible_to(self, user) -> "EntryQuerySet":
        """Keep the entries of products that this user may see."""
        if not getattr(user, "is_active", False):
            return self.none()
        if user.is_ops:
            return self
        return self.filter(Q(product__visibility="company") | Q(product__team_id__in=user.team_ids))


class Entry(models.Model):
    """What events and properties have in common."""

    product = models.ForeignKey("portal_people.Product", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNEXPECTED)
    first_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    found_at = models.DateTimeField(auto_now_add=True, help_text="When the catalogue first met it.")

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def team_id(self) -> int:
        """Return the team of the product, whose members may describe this."""
        return self.product.team_id

    @property
    def visibility(self) -> str:
        """Return the product's visibility, which an entry follows."""
        return self.product.visibility


class EventQuerySet(EntryQuerySet):
    """Event names, with whether they still come."""

    def with_quiet(self) -> "EventQuerySet":
        """Annotate `is_quiet`: it used to come, and has not for two weeks in which its own sources sent others.

        A file that was loaded once is as old as its newest event: nothing of it is missing.
        """
        days = EventDay.objects.order_by("-day")
        sources = Source.objects.filter(
            Exists(days.filter(source=OuterRef("pk"), event=OuterRef(OuterRef("pk")))), product=OuterRef("product")
        ).annotate(newest=Subquery(days.filter(source=OuterRef("pk")).values("last_ts")[:1]))
        annotated = self.annotate(newest_of_sources=Subquery(sources.order_by("-newest").values("newest")[:1]))
        is_late = Q(last_seen_at__lt=F("newest_of_sources") - QUIET_AFTER, n_events__gte=_LEAST_EVENTS)
        return annotated.annotate(
            is_quiet=models.ExpressionWrapper(is_late & ~Q(status=Status.RETIRED), output_field=models.BooleanField())
        )


class CatalogueEvent(Entry):
    """An event's name in one product."""

    n_events = models.BigIntegerField(default=0, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "event name"
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="an_event_is_listed_once_a_product")]
        indexes = [models.Index(fields=["product", "-n_events"], name="catalogue_events_by_size")]


class CatalogueProperty(Entry):
    """A property of events, or a trait of persons or accounts, in one product."""

    class Of(models.TextChoices):
        EVENT = "event", "Event"
        PERSON = "person", "Person"
        ACCOUNT = "account", "Account"

    of = models.CharField(max_length=10, choices=Of.choices, default=Of.EVENT)
    is_personal = models.BooleanField(
        "personal data", default=False, help_text="No values of it are kept or shown as examples."
    )
    is_settled = models.BooleanField(
        "settled whether personal",
        default=False,
        editable=False,
        help_text="Somebody changed whether it is personal, or its values showed it: readings leave that alone.",
    )
    n_values = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["of", "name"]
        verbose_name = "property"
        verbose_name_plural = "properties"
        constraints = [
            models.UniqueConstraint(fields=["product", "of", "name"], name="a_property_is_listed_once_a_product")
        ]


class EventDay(models.Model):
    """How often an event came from a source on one UTC day; refilled whole whenever that day changed."""

    event = models.ForeignKey(CatalogueEvent, on_delete=models.CASCADE, related_name="days")
    source = models.ForeignKey("insights_events.Source", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    n_events = models.BigIntegerField()
    first_ts = models.DateTimeField()
    last_ts = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["source", "event", "day"], name="one_count_an_event_and_day")]
        indexes = [models.Index(fields=["source", "-day"], name="event_days_of_a_source")]

    def __str__(self) -> str:
        return f"{self.n_events} on {self.day}"


class PropertyUse(models.Model):
    """A property's values in one source, event and UTC month (traits: no event, no month); refilled like EventDay."""

    property = models.ForeignKey(CatalogueProperty, on_delete=models.CASCADE, related_name="uses")
    source = models.ForeignKey("insights_events.Source", on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(CatalogueEvent, on_delete=models.CASCADE, null=True, related_name="property_uses")
    month = models.DateField(null=True)
    n_values = models.BigIntegerField()
    types = models.JSONField(default=dict, help_text="Values by type: text, number, boolean, object, list, empty.")
    examples = models.JSONField(default=list)
    first_ts = models.DateTimeField()
    last_ts = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["source", "month"], name="property_uses_of_a_month")]

    def __str__(self) -> str:
        return f"{self.n_values} values"


class Reading(models.Model):
    """How far the catalogue has read a source: the store's version, and how long the last reading took."""

    source = models.OneToOneField("insights_events.Source", on_delete=models.CASCADE, related_name="+")
    version = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    took_s = models.FloatField(default=0)
    n_names_left_out = models.IntegerField(default=0, help_text="Property names beyond the limit of a source.")

    def __str__(self) -> str:
        return f"source {self.source_id} read to version {self.version}"
