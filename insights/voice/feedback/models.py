"""Feedback: one piece of what somebody said, and the channels through which it comes."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse

from insights.events.public import Source
from insights.voice.texts.public import LANGUAGE_CHOICES, build_query, excerpt, keep_fitting
from portal.people.public import TeamOwned, TeamOwnedQuerySet, Visibility


class ChannelQuerySet(models.QuerySet):
    """Channels as rows of a list."""

    def visible_to(self, user: Any) -> "ChannelQuerySet":
        """Keep all for everybody who is active."""
        return self if getattr(user, "is_active", False) else self.none()

    def in_use(self) -> "ChannelQuerySet":
        """Keep those that new feedback may name."""
        return self.filter(is_retired=False)


class Channel(models.Model):
    """Where feedback comes in, such as support tickets; curated by ops."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True, help_text="How the API and imports name it.")
    is_retired = models.BooleanField(default=False, help_text="Not offered for new feedback any more.")

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FeedbackQuerySet(TeamOwnedQuerySet):
    """Feedback, by who may see it, who said it and what."""

    def matching(self, text: str, user: Any) -> "FeedbackQuerySet":
        """Keep what holds the words, in the form that the user may read: what is masked for them is not found."""
        return keep_fitting(self, build_query(text), user)

    def of_person(self, no: int) -> "FeedbackQuerySet":
        """Keep what a person said, by whichever of their ids."""
        return self.filter(Q(person=no) | Q(person__person_no=no))

    def waiting(self) -> "FeedbackQuerySet":
        """Keep what nobody has decided about yet."""
        return self.filter(state=Feedback.State.NEW)

    def with_files(self) -> "FeedbackQuerySet":
        """Fetch along the files of each, as `files`: dicts that spare a page one more query."""
        about = JSONObject(pk="pk", name="name", kind="kind", n_bytes="n_bytes")
        files = Attachment.objects.filter(feedback=OuterRef("pk")).order_by("pk").values(about=about)
        return self.annotate(files=ArraySubquery(files))

    def with_sources(self) -> "FeedbackQuerySet":
        """Fetch along the sources that know who said each, as `source_ids`: a list spares one more query."""
        sources = Source.objects.filter(product=OuterRef("product")).order_by("pk").values("pk")
        return self.annotate(source_ids=ArraySubquery(sources))

    def dressed(self) -> "FeedbackQuerySet":
        """Fetch along what lists and pages show beside it."""
        return self.select_related("product", "channel", "owner", "person__contact__account", "account", "team")


class Feedback(TeamOwned):
    """One piece of what somebody said about a product.

    `text` is plain text, shown letter by letter; `masked` is the same without e-mail addresses and telephone numbers,
    for readers of other teams. `person` and `account` are ids of the event store, of people with or without events.
    """

    PERSONAL_FIELDS = frozenset({"title", "text", "masked", "author", "person_id", "origin_id", "origin_url"})

    class Kind(models.TextChoices):
        PROBLEM = "problem", "Problem"
        REQUEST = "request", "Request"
        PRAISE = "praise", "Praise"
        QUESTION = "question", "Question"
        OTHER = "other", "Other"
        COMPETITOR = "competitor", "Competitor"
        WIN = "win", "Win"
        LOSS = "loss", "Loss"
        ANALYST = "analyst", "Analyst"

    class State(models.TextChoices):
        NEW = "new", "New"
        TRIAGED = "triaged", "Triaged"
        ARCHIVED = "archived", "Archived"

    MARKET = (Kind.COMPETITOR, Kind.WIN, Kind.LOSS, Kind.ANALYST)

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="feedback")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.TEAM)
    title = models.CharField(max_length=300, blank=True, help_text="Its subject, or the question that it answers.")
    text = models.TextField()
    masked = models.TextField(editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OTHER)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="feedback")
    said_on = models.DateField()
    language = models.CharField(max_length=2, blank=True, choices=LANGUAGE_CHOICES)
    person = models.ForeignKey(
        "insights_events.DistinctId", on_delete=models.CASCADE, null=True, blank=True, related_name="feedback"
    )
    account = models.ForeignKey(
        "insights_events.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="feedback"
    )
    author = models.CharField(max_length=200, blank=True, help_text="Their name as it was given.")
    origin = models.CharField(max_length=60, blank=True, help_text="The system where it was said first, as zendesk.")
    origin_id = models.CharField(max_length=200, blank=True, help_text="Its id there: sent twice, it is one piece.")
    origin_url = models.URLField(max_length=1000, blank=True, help_text="Where to read it there.")
    state = models.CharField(
        max_length=8,
        choices=State.choices,
        default=State.NEW,
        help_text="New until somebody links it to a theme, which triages it, or archives it.",
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who shall decide about it.",
    )
    split_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pieces",
        help_text="The piece that it was cut out of.",
    )
    imported_in = models.ForeignKey(
        "insights_imports.Import",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="feedback",
        help_text="The import that brought it.",
    )
    version = models.PositiveIntegerField(default=1)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "-pk"]
        verbose_name = verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "origin", "origin_id"],
                condition=~Q(origin_id=""),
                name="feedback_of_one_origin_is_there_once",
            )
        ]
        indexes = [
            models.Index(fields=["team", "-said_on", "-id"], name="feedback_of_a_team"),
            models.Index(fields=["product", "-said_on", "-id"], name="feedback_of_a_product"),
            models.Index(fields=["-said_on", "-id"], name="feedback_by_day"),
            models.Index(
                fields=["team", "-said_on", "-id"], condition=Q(state="new"), name="feedback_of_a_team_that_waits"
            ),
            models.Index(fields=["-said_on", "-id"], condition=Q(state="new"), name="feedback_that_waits"),
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("feedback:feedback-page", args=[self.pk])

    @property
    def is_market(self) -> bool:
        """Say whether it is about the market: a competitor, a win, a loss, an analyst."""
        return self.kind in self.MARKET

    @property
    def shared_excerpt(self) -> str:
        """Return its beginning without addresses and numbers, for titles that anybody may read who sees it."""
        return excerpt(self.masked, 80)


class Attachment(models.Model):
    """A file on a piece of feedback; it lies under a random name and is only ever handed out to be saved."""

    PERSONAL_FIELDS = frozenset({"name"})

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, help_text="What it is, told by what is in it.")
    path = models.CharField(max_length=100, unique=True, help_text="Below the folder of uploads.")
    n_bytes = models.PositiveIntegerField()
    checksum = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"file {self.pk}"

    def get_absolute_url(self) -> str:
        """Return where it is handed out."""
        return reverse("feedback:attachment", args=[self.pk])
