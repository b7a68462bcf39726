"""Who wants which digest, when and where to; and when a person wants no messages at all."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal.messages.models.webhooks import OwnQuerySet, Webhook
from portal.people.public import validate_time_zone

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class SubscriptionQuerySet(OwnQuerySet):
    """Subscriptions as rows of a list."""

    def live(self) -> "SubscriptionQuerySet":
        """Leave out what was stopped."""
        return self.filter(stopped_at=None)


class Subscription(models.Model):
    """A digest about one thing for one person: daily or weekly at a local time, by mail or to a webhook.

    `next_at` is the claim on an occurrence: whoever moves it on makes the delivery, so each occurrence is made once.
    """

    class Frequency(models.TextChoices):
        DAILY = "daily", "Every day"
        WEEKLY = "weekly", "Every week"

    class StopReason(models.TextChoices):
        OWNER = "owner", "Stopped by its owner"
        LINK = "link", "Stopped by the link in the mail"
        OPS = "ops", "Stopped by ops"
        ACCESS = "access", "Not shared any more"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    kind = models.CharField(max_length=40)
    thing_id = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200, help_text="What it is about, as it was named when it was last seen.")
    frequency = models.CharField(max_length=10, choices=Frequency.choices, default=Frequency.WEEKLY)
    weekday = models.PositiveSmallIntegerField(choices=list(enumerate(DAYS)), default=0)
    at = models.TimeField()
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])
    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, null=True, blank=True, related_name="subscriptions", help_text="Empty: mail."
    )
    skips_unchanged = models.BooleanField(default=False)
    next_at = models.DateTimeField()
    last_sent_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=10, choices=StopReason.choices, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "thing_id", "frequency", "webhook"],
                condition=Q(stopped_at=None),
                nulls_distinct=False,
                name="a_person_subscribes_to_a_thing_once_in_each_way",
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_weekday_is_0_for_monday_to_6"),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stop_reason="") | (Q(stopped_at__isnull=False) & ~Q(stop_reason="")),
                name="a_stopped_subscription_says_why",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(stopped_at=None), name="subscriptions_by_next")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the page that lists it."""
        return reverse("messages:subscription-list")

    @property
    def is_stopped(self) -> bool:
        """Say whether nothing is sent any more."""
        return self.stopped_at is not None

    @property
    def schedule(self) -> str:
        """Return when it comes, in words: "Mondays at 08:00"."""
        when = f"{self.get_weekday_display()}s" if self.frequency == self.Frequency.WEEKLY else "Every day"
        return f"{when} at {self.at:%H:%M}"


class QuietHours(models.Model):
    """The local hours of a person in which single messages wait; digests come when they were asked for."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours")
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    has_quiet_weekends = models.BooleanField("quiet weekends", default=False)

    class Meta:
        verbose_name_plural = "quiet hours"

    def __str__(self) -> str:
        return f"quiet from {self.starts_at:%H:%M} to {self.ends_at:%H:%M}"
