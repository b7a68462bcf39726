"""Alerts, what their checks found, incidents, doubts about sources, days off, and dry runs."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from insights.alerts.contracts import Condition, Verdict
from insights.events.public import Source
from insights.explore.public import Insight
from insights.metrics.public import Metric
from portal.messages.public import Webhook
from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet
from portal.shell.public import words_in


class AlertQuerySet(TeamOwnedQuerySet):
    """Alerts as rows of a list."""

    def visible_to(self, user) -> "AlertQuerySet":
        """Keep those that are shared with this user, of products that are shared with them too."""
        found = super().visible_to(user)
        if not getattr(user, "is_active", False) or user.is_ops:
            return found
        return found.filter(product__in=Product.objects.visible_to(user).order_by())

    def live(self) -> "AlertQuerySet":
        """Leave out what was put away."""
        return self.filter(archived_at=None)

    def matching(self, text: str) -> "AlertQuerySet":
        """Keep those whose name, subject or product holds each word."""
        return self.filter(words_in(text, "name", "subject_title", "product__name"))

    def on_duty(self) -> "AlertQuerySet":
        """Keep those that are checked: neither paused nor put away."""
        return self.live().filter(paused_at=None)

    def with_subjects(self) -> "AlertQuerySet":
        """Read with each alert what it watches."""
        return self.select_related(
            "product", "team", "owner", "metric__current", "metric__product", "insight__product", "source__product"
        )

    def with_told(self) -> "AlertQuerySet":
        """Read with each the names of the people and of the webhooks that are told."""
        people = Alert.people.through.objects.filter(alert=OuterRef("pk")).order_by("user__name")
        hooks = Alert.webhooks.through.objects.filter(alert=OuterRef("pk")).order_by("webhook__name")
        return self.annotate(
            told_people=ArraySubquery(people.values("user__name")),
            told_ids=ArraySubquery(people.values("user_id")),
            told_hooks=ArraySubquery(hooks.values("webhook__name")),
            told_hook_ids=ArraySubquery(hooks.values("webhook_id")),
        )

    def with_marks(self) -> "AlertQuerySet":
        """Say of each how often it fired, and whether an incident is open."""
        open_ones = Incident.objects.filter(alert=OuterRef("pk")).live()
        return self.annotate(n_incidents=Count("incidents", distinct=True), has_open=Exists(open_ones))


class Alert(TeamOwned):
    """What is watched, when its value is worth telling, and who is told.

    It watches a metric, a saved insight's series, a question of its own, or whether a source keeps its promise.
    `revision` rises with each change, so that nobody overwrites another's work unseen.
    """

    name = models.CharField(max_length=120)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="alerts")
    metric = models.ForeignKey(Metric, on_delete=models.SET_NULL, null=True, blank=True, related_name="alerts")
    insight = models.ForeignKey(Insight, on_delete=models.SET_NULL, null=True, blank=True, related_name="alerts")
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="alerts")
    question = models.JSONField(null=True, blank=True, help_text="A question of its own, such as a tile's.")
    series_no = models.PositiveSmallIntegerField(default=0, help_text="Which line of the question; the first is 0.")
    subject_title = models.CharField(max_length=200, help_text="What it watches, as it was named when it was saved.")
    condition = models.JSONField()
    is_hourly = models.BooleanField(default=False, help_text="Checked every hour, else every night.")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    webhooks = models.ManyToManyField(Webhook, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    paused_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(
        default=timezone.now, help_text="The first bucket that is judged is the newest that was over then."
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    hint = models.CharField(max_length=300, blank=True, help_text="Why the newest check could judge nothing.")
    failure = models.TextField(blank=True, help_text="Why it cannot be checked.")
    failing_since = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="an_alert_has_a_name"),
            models.CheckConstraint(
                condition=Q(failing_since=None, failure="") | (Q(failing_since__isnull=False) & ~Q(failure="")),
                name="an_alert_that_fails_says_why_and_since_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("alerts:alert-page", args=[self.pk])

    @property
    def rule(self) -> Condition:
        """Return the condition as a value."""
        return Condition.from_json(self.condition)

    @property
    def kind(self) -> str:
        """Return the kind of its condition."""
        return str(self.condition.get("kind", ""))

    @property
    def subject(self) -> Metric | Insight | Source | None:
        """Return what it watches; None for a question of its own, or when what it watched is gone."""
        return self.metric or self.insight or self.source

    @property
    def state(self) -> str:
        """Return where it stands, in a word."""
        if self.archived_at:
            return "archived"
        if self.paused_at:
            return "paused"
        return "failing" if self.failing_since else "on"


class IncidentQuerySet(models.QuerySet):
    """Incidents as rows of a list."""

    def visible_to(self, user) -> "IncidentQuerySet":
        """Keep those of alerts that this user may read."""
        return self.filter(alert__in=Alert.objects.visible_to(user).order_by())

    def live(self) -> "IncidentQuerySet":
        """Keep those that are not resolved."""
        return self.exclude(state=Incident.State.RESOLVED)


class Incident(models.Model):
    """One occurrence of what an alert watches for: opened once, kept up to date, resolved by somebody or by itself."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        SNOOZED = "snoozed", "Snoozed"
        RESOLVED = "resolved", "Resolved"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="incidents")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    first_label = models.CharField(max_length=25, help_text="The bucket with which it began.")
    last_label = models.CharField(max_length=25)
    n_buckets = models.PositiveIntegerField(default=1)
    started_on = models.DateField()
    sentence = models.CharField(max_length=300, help_text="What was seen first.")
    newest = models.CharField(max_length=300, blank=True, help_text="What was seen last.")
    opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_back = models.BooleanField(default=False, help_text="It ended by itself.")
    note = models.CharField(max_length=250, blank=True)
    annotation = models.ForeignKey(
        "insights_dashboards.Annotation", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "first_label"], name="an_occurrence_opens_one_incident"),
            models.UniqueConstraint(
                fields=["alert"], condition=~Q(state="resolved"), name="an_alert_has_one_open_incident"
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_at__isnull=False) | (~Q(state="resolved") & Q(resolved_at=None)),
                name="a_resolved_incident_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False),
                name="a_snoozed_incident_says_until_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert.name}, {self.first_label}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("alerts:incident-page", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Say whether it is not resolved."""
        return self.state != self.State.RESOLVED

    @property
    def team_id(self) -> int:
        """Return the team that may act on it: the alert's."""
        return self.alert.team_id


class Reading(models.Model):
    """What a check found of one bucket: the value as it was known then, the band, and the verdict."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="readings")
    label = models.CharField(max_length=25)
    value = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    reference = models.FloatField(null=True)
    state = models.CharField(max_length=10)
    side = models.CharField(max_length=6, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["alert", "label"]
        constraints = [models.UniqueConstraint(fields=["alert", "label"], name="an_alert_reads_a_bucket_once")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.label}: {self.state}"

    @property
    def verdict(self) -> Verdict:
        """Return what was found, without its band."""
        return Verdict(self.label, self.state, self.value, self.side, reference=self.reference, reason=self.reason)


class SourceDoubtQuerySet(models.QuerySet):
    """Doubts as rows of a list."""

    def visible_to(self, user) -> "SourceDoubtQuerySet":
        """Keep those of sources that this user may see."""
        return self.filter(source__in=Source.objects.visible_to(user).order_by())

    def open(self) -> "SourceDoubtQuerySet":
        """Keep those that still pause alerts."""
        return self.filter(closed_at=None)


class SourceDoubt(models.Model):
    """A source delivered far less than usual: alerts on its data wait until it has made up for it."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="doubts")
    first_day = models.DateField()
    last_day = models.DateField()
    sentence = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SourceDoubtQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(closed_at=None), name="a_source_is_doubted_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="a_doubt_ends_on_or_after_its_first_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.sentence}"


class DayOffQuerySet(models.QuerySet):
    """Days off as rows of a list."""

    def visible_to(self, user) -> "DayOffQuerySet":
        """Keep the company's, and those of products that this user may see."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.filter(Q(product=None) | Q(product__in=Product.objects.visible_to(user).order_by()))


class DayOff(models.Model):
    """A day on which nothing is as usual, such as a holiday: alerts neither judge it nor learn from it."""

    day = models.DateField()
    name = models.CharField(max_length=100)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="Empty: all products."
    )

    objects = DayOffQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "pk"]
        verbose_name_plural = "days off"
        constraints = [
            models.UniqueConstraint(fields=["day", "product"], nulls_distinct=False, name="a_day_is_off_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day}"

    @property
    def team_id(self) -> int | None:
        """Return the team that may change it; the company's days are for ops."""
        return self.product.team_id if self.product_id else None


class DryRunQuerySet(models.QuerySet):
    """Dry runs as rows of a list."""

    def visible_to(self, user) -> "DryRunQuerySet":
        """Keep the person's own."""
        return self.filter(user_id=user.pk) if getattr(user, "is_active", False) else self.none()


class DryRun(models.Model):
    """What an alert that is being written would have done, worked out by a worker."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    draft = models.JSONField(help_text="What was typed into the form.")
    subject = models.JSONField(help_text="What is watched.")
    condition = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    result = models.JSONField(null=True, blank=True)
    failure = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    objects = DryRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"dry run {self.pk}"

    @property
    def is_pending(self) -> bool:
        """Say whether its result is still to come."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
