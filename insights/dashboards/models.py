"""Dashboards, their tiles, the answers stored for them, annotations, and each person's own marks."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from insights.dashboards.layout import COLUMNS, MAX_HEIGHT
from insights.explore.public import Insight
from insights.metrics.public import Metric
from insights.questions.public import title_question
from portal.people.public import Product, TeamOwned, TeamOwnedQuerySet


class DashboardQuerySet(TeamOwnedQuerySet):
    """Dashboards, with what a list shows of them."""

    def live(self) -> "DashboardQuerySet":
        """Leave out what is archived."""
        return self.filter(archived_at=None)

    def with_marks(self, user) -> "DashboardQuerySet":
        """Add the number of tiles, and whether this user starred it and when they last looked."""
        tiles = Tile.objects.filter(dashboard=OuterRef("pk"), deleted_at=None).order_by()
        views = RecentView.objects.filter(dashboard=OuterRef("pk"), user_id=user.pk)
        return self.annotate(
            n_tiles=models.functions.Coalesce(
                Subquery(tiles.values("dashboard").annotate(n=models.Count("pk")).values("n")), 0
            ),
            is_starred=Exists(Star.objects.filter(dashboard=OuterRef("pk"), user_id=user.pk)),
            is_home=Exists(HomeDashboard.objects.filter(dashboard=OuterRef("pk"), user_id=user.pk)),
            viewed_at=Subquery(views.values("viewed_at")[:1]),
        )


class Dashboard(TeamOwned):
    """A page of tiles about one product, with one date range and filter for all of them."""

    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    purpose = models.CharField(max_length=300, blank=True, help_text="What this dashboard helps to decide.")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="dashboards")
    date_from = models.CharField(
        max_length=20,
        blank=True,
        default="-30d",
        help_text="First day for all tiles: a date, -30d or -8w. Empty: each tile keeps its own.",
    )
    date_to = models.CharField(max_length=10, blank=True, help_text="Last day for all tiles. Empty: today.")
    filters = models.JSONField(default=list, blank=True, help_text="Filters that every tile's question gets.")
    revision = models.PositiveIntegerField(default=1)
    layout_revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = DashboardQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="a_dashboard_has_a_title"),
        ]
        indexes = [models.Index(fields=["-updated_at"], name="dashboards_by_change")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_archived(self) -> bool:
        """Say whether it was put away."""
        return self.archived_at is not None

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        from django.urls import reverse

        return reverse("dashboards:dashboard-page", args=[self.slug])


class TileQuerySet(models.QuerySet):
    """Tiles that are on a dashboard."""

    def live(self) -> "TileQuerySet":
        """Leave out what was deleted."""
        return self.filter(deleted_at=None)

    def with_questions(self) -> "TileQuerySet":
        """Read with each tile what its question comes from."""
        return self.select_related(
            "insight__product", "dashboard__product", "metric__product", "metric__current__series"
        )

    def visible_to(self, user) -> "TileQuerySet":
        """Keep the tiles of dashboards that this user may read."""
        return self.filter(dashboard__in=Dashboard.objects.visible_to(user).order_by())

    def on_duty(self) -> "TileQuerySet":
        """Keep the question tiles that the night recomputes: live, on a dashboard that is not archived."""
        return self.live().with_questions().filter(kind=Tile.Kind.QUESTION, dashboard__archived_at=None)


def title_tile(own: str, metric: str | None, insight: str | None, question: dict | None) -> str:
    """Return what a tile of numbers is called: its own title, or that of what it shows."""
    return own or metric or insight or title_question(question or {}) or "Question"


class Tile(models.Model):
    """One piece of a dashboard: a question with a chart, a metric, or a text."""

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        METRIC = "metric", "Metric"
        TEXT = "text", "Text"

    dashboard = models.ForeignKey(Dashboard, on_delete=models.CASCADE, related_name="tiles")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    title = models.CharField(max_length=120, blank=True)
    question = models.JSONField(null=True, blank=True, help_text="Used while no insight is chosen.")
    insight = models.ForeignKey(Insight, on_delete=models.SET_NULL, null=True, blank=True, related_name="tiles")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, null=True, blank=True, related_name="tiles")
    chart = models.CharField(max_length=20, blank=True)
    keeps_own_dates = models.BooleanField(default=False, help_text="The dashboard's date range does not apply.")
    text = models.TextField(blank=True, max_length=10_000)
    x = models.PositiveSmallIntegerField(default=0)
    y = models.PositiveSmallIntegerField(default=0)
    w = models.PositiveSmallIntegerField(default=6)
    h = models.PositiveSmallIntegerField(default=4)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = TileQuerySet.as_manager()

    class Meta:
        ordering = ["y", "x", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(w__gte=1, x__gte=0, x__lte=COLUMNS - F("w")), name="a_tile_lies_within_twelve_columns"
            ),
            models.CheckConstraint(condition=Q(h__gte=1, h__lte=MAX_HEIGHT), name="a_tile_is_one_to_twelve_rows_high"),
            models.CheckConstraint(
                condition=Q(kind="text", question=None, metric=None)
                | Q(kind="question", question__isnull=False, text="", metric=None)
                | Q(kind="metric", question=None, text="", metric__isnull=False, insight=None),
                name="a_tile_has_a_question_a_metric_or_a_text_by_its_kind",
            ),
        ]
        indexes = [models.Index(fields=["dashboard", "y", "x"], condition=Q(deleted_at=None), name="tiles_in_order")]

    def __str__(self) -> str:
        if self.title or self.kind == self.Kind.TEXT:
            return self.title or "Text"
        metric = self.metric.name if self.metric_id else ""
        return title_tile("", metric, self.insight.title if self.insight_id else "", self.question)

    @property
    def asks(self) -> dict | None:
        """Return the question: the insight's as it is now, else the tile's own."""
        return self.insight.question if self.insight_id else self.question

    @property
    def about(self) -> str:
        """Return the product that a question without one is about: the insight's, else the dashboard's."""
        return self.owner_of_question.product.slug

    @property
    def owner_of_question(self) -> Insight | Metric | Dashboard:
        """Return what says the product: the insight or the metric, else the dashboard."""
        return (self.metric if self.metric_id else self.insight if self.insight_id else None) or self.dashboard

    @property
    def team_id(self) -> int:
        """Return the dashboard's team, which rules over its tiles."""
        return self.dashboard.team_id


class TileAnswer(models.Model):
    """The stored answer to a question as tiles ask it, shared by all tiles that ask the same.

    `answer` is the last good one and stays when a later try fails. `version` is the event store's version up to which
    the answer is known to hold, so a check that finds no change moves it on without asking again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        OK = "ok", "Up to date when computed"
        FAILED = "failed", "Failed"

    key = models.CharField(max_length=64, unique=True)
    question = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answer = models.JSONField(null=True, blank=True)
    asked_key = models.CharField(max_length=64, blank=True)
    version = models.BigIntegerField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    holds_until = models.DateTimeField(null=True, blank=True)
    data_until = models.DateTimeField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    failure = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    n_failures = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(default=timezone.now)
    made_for = models.ForeignKey(
        Dashboard,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The dashboard on which a reader's own dates or filters asked this; empty: a dashboard as it is.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ok") | Q(answer__isnull=False, computed_at__isnull=False),
                name="a_good_answer_is_there_and_says_when_it_was_computed",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="a_failed_answer_says_why"),
        ]
        indexes = [models.Index(fields=["used_at"], name="answers_by_last_use")]

    def __str__(self) -> str:
        return f"answer {self.key[:12]}"


class Star(models.Model):
    """A dashboard that somebody keeps at hand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    dashboard = models.ForeignKey(Dashboard, on_delete=models.CASCADE, related_name="stars")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "dashboard"], name="a_user_stars_a_dashboard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} stars {self.dashboard_id}"


class RecentView(models.Model):
    """When somebody last looked at a dashboard."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    dashboard = models.ForeignKey(Dashboard, on_delete=models.CASCADE, related_name="views")
    viewed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "dashboard"], name="a_user_has_one_last_look_at_a_dashboard"),
        ]
        indexes = [models.Index(fields=["user", "-viewed_at"], name="views_newest_first")]

    def __str__(self) -> str:
        return f"{self.user_id} saw {self.dashboard_id}"


class HomeDashboard(models.Model):
    """The dashboard that somebody sees on Home."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    dashboard = models.ForeignKey(Dashboard, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"home of {self.user_id}"


class AnnotationQuerySet(models.QuerySet):
    """Annotations, by whom they may be read."""

    def visible_to(self, user) -> "AnnotationQuerySet":
        """Keep those of dashboards and products that this user may read."""
        dashboards = Dashboard.objects.visible_to(user).order_by()
        products = Product.objects.visible_to(user).order_by()
        return self.filter(Q(dashboard__in=dashboards) | Q(product__in=products))

    def shown_on(self, dashboard: Dashboard) -> "AnnotationQuerySet":
        """Keep what is drawn on a dashboard: its own, and its product's."""
        return self.filter(Q(dashboard=dashboard) | Q(product_id=dashboard.product_id))


class Annotation(models.Model):
    """What happened on a day or over a range of days, drawn on charts and listed below them."""

    dashboard = models.ForeignKey(
        Dashboard, on_delete=models.CASCADE, null=True, blank=True, related_name="annotations"
    )
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="annotations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=300)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dashboard__isnull=True, product__isnull=False)
                | Q(dashboard__isnull=False, product__isnull=True),
                name="an_annotation_belongs_to_a_dashboard_or_to_a_product",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="an_annotation_ends_on_or_after_its_first_day",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="an_annotation_says_something"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def team_id(self) -> int:
        """Return the team that may change it."""
        return self.dashboard.team_id if self.dashboard_id else self.product.team_id
