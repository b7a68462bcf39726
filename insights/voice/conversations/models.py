"""Conversations: who talked with whom about a product, what was said, and what comes next."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from insights.voice.conversations.contracts import NOTES, TRANSCRIPT
from insights.voice.texts.public import LANGUAGE_CHOICES, build_query, keep_fitting, words_of
from portal.people.public import TeamOwned, TeamOwnedQuerySet, User, Visibility
from portal.shell.public import render_markdown


class ConversationQuerySet(TeamOwnedQuerySet):
    """Conversations, by who may see them, who took part and what was said."""

    def matching(self, text: str, user: Any) -> "ConversationQuerySet":
        """Keep what holds the words, in the form that the user may read: what is kept from them is not found."""
        return keep_fitting(self, build_query(text), user)

    def with_person(self, no: int) -> "ConversationQuerySet":
        """Keep those in which a person took part, under whichever of their ids."""
        theirs = Participant.objects.filter(Q(person=no) | Q(person__person_no=no))
        return self.filter(pk__in=theirs.values("conversation"))

    def with_account(self, account_id: str) -> "ConversationQuerySet":
        """Keep those in which an account's people took part, by the account's id."""
        theirs = Participant.objects.filter(account__account_id=account_id)
        return self.filter(pk__in=theirs.values("conversation"))

    def with_names(self) -> "ConversationQuerySet":
        """Fetch along what search shows: `participant_names` as noted, and `account_ids` of those who took part."""
        there = Participant.objects.filter(conversation=models.OuterRef("pk")).order_by("pk")
        return self.select_related("product", "team").annotate(
            participant_names=ArraySubquery(there.exclude(name="").values("name")),
            account_ids=ArraySubquery(there.filter(account__isnull=False).values("account__account_id")),
        )

    def dressed(self) -> "ConversationQuerySet":
        """Fetch along what lists and pages show beside it."""
        participants = Participant.objects.select_related("person", "account")
        leaders = User.objects.filter(conversations_led=models.OuterRef("pk")).order_by("name", "pk").values("name")
        return (
            self.select_related("product", "team", "owner")
            .annotate(leader_names=ArraySubquery(leaders))
            .prefetch_related(models.Prefetch("participants", participants))
        )


class Conversation(TeamOwned):
    """An interview or a call about a product.

    `notes` are Markdown, `transcript` is plain text, shown letter by letter. Readers of other teams get, of what is
    shared with the company, `masked_title` and `masked_notes` alone: no e-mail addresses, no telephone numbers.
    """

    PERSONAL_FIELDS = frozenset(
        {"title", "notes", "transcript", "masked_title", "masked_notes", "recording_url", "guide"}
    )

    class Kind(models.TextChoices):
        DISCOVERY = "discovery", "Discovery"
        USABILITY = "usability", "Usability test"
        SALES = "sales", "Sales"
        SUPPORT = "support", "Support"

    product = models.ForeignKey("portal_people.Product", on_delete=models.PROTECT, related_name="conversations")
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.TEAM)
    title = models.CharField(max_length=200)
    masked_title = models.CharField(max_length=400, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.DISCOVERY)
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long it took.")
    led_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="conversations_led", help_text="The product managers who led it."
    )
    language = models.CharField(
        max_length=2,
        blank=True,
        choices=LANGUAGE_CHOICES,
        help_text="In which it was held; search knows its endings.",
    )
    guide = models.TextField(blank=True, help_text="The questions that it followed, or a link to them.")
    notes = models.TextField(blank=True, help_text="Markdown.")
    masked_notes = models.TextField(blank=True, editable=False)
    transcript = models.TextField(blank=True)
    recording_url = models.URLField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["team", "-held_on", "-id"], name="conversations_of_a_team"),
            models.Index(fields=["product", "-held_on", "-id"], name="conversations_of_a_product"),
            models.Index(fields=["-held_on", "-id"], name="conversations_by_day"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("conversations:conversation-page", args=[self.pk])

    @property
    def said_on(self) -> Any:
        """Return the day on which it was said, as feedback calls it."""
        return self.held_on

    @cached_property
    def notes_html(self) -> Any:
        """Return the notes as safe HTML."""
        return render_markdown(self.notes)

    def text_of(self, part: str) -> str:
        """Return the text of a part, on which places count: the transcript, or what the notes say without markup."""
        return {TRANSCRIPT: lambda: self.transcript, NOTES: lambda: words_of(self.notes_html)}[part]()

    @property
    def shared_excerpt(self) -> str:
        """Return its title as anybody may read it who sees it."""
        return self.masked_title


class Participant(models.Model):
    """Somebody of a customer's who took part: a person of the product's id space, by name, or an account alone."""

    PERSONAL_FIELDS = frozenset({"person_id", "name", "speaker"})

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        "insights_events.DistinctId", on_delete=models.CASCADE, null=True, blank=True, related_name="conversations"
    )
    account = models.ForeignKey(
        "insights_events.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="conversations"
    )
    name = models.CharField(max_length=200, blank=True, help_text="As given, else as known then.")
    speaker = models.CharField(max_length=80, blank=True, help_text="What the transcript calls them.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "person"], name="a_person_takes_part_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(account__isnull=False) | ~Q(name=""),
                name="a_participant_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"participant {self.pk}"


class NextStepQuerySet(models.QuerySet):
    """Next steps, by whose they are."""

    def visible_to(self, user: Any) -> "NextStepQuerySet":
        """Keep those of conversations that the user sees whole."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self if user.is_ops else self.filter(conversation__team_id__in=user.team_ids)

    def still_to_do(self) -> "NextStepQuerySet":
        """Keep those that are not done, the one that is due first in front."""
        return self.filter(done_at=None).order_by(models.F("due_on").asc(nulls_last=True), "pk")

    def dressed(self) -> "NextStepQuerySet":
        """Fetch along what lists show beside it."""
        return self.select_related("owner", "conversation__product", "conversation__team")


class NextStep(models.Model):
    """What somebody promised to do after a conversation."""

    PERSONAL_FIELDS = frozenset({"text"})

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="next_steps")
    text = models.CharField(max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = NextStepQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="next_steps_to_do"),
        ]

    def __str__(self) -> str:
        return f"next step {self.pk}"

    def get_absolute_url(self) -> str:
        """Return its place on the page of its conversation."""
        return f"{reverse('conversations:conversation-page', args=[self.conversation_id])}#next-steps"

    @property
    def team_id(self) -> int:
        """Return the team whose conversation it came out of."""
        return self.conversation.team_id

    @property
    def is_done(self) -> bool:
        """Say whether it is done."""
        return self.done_at is not None
