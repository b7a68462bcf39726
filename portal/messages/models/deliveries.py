"""What left the portal, or was to: one row a message, with its result."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.messages.models.subscriptions import Subscription
from portal.messages.models.webhooks import OwnQuerySet, Webhook


class Delivery(models.Model):
    """One message to one place; its key names what it is about and for which occurrence, so it is made once.

    A worker claims it (waiting → working), makes it, notes that it hands it over (working → handing) and only then
    speaks to the mail server. A worker that dies before that is replaced; one that dies after it leaves "unknown", and
    a mail is not sent again: better none than two. A webhook's message carries its id and is posted again.
    """

    PERSONAL_FIELDS = frozenset({"subject", "text", "content", "address", "url", "stop_url"})

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Being made"
        HANDING = "handing", "Being handed over"
        SENT = "sent", "Sent"
        SKIPPED = "skipped", "Not needed"
        FAILED = "failed", "Given up"
        UNKNOWN = "unknown", "Not known"

    class Kind(models.TextChoices):
        DIGEST = "digest", "Digest"
        SINGLE = "single", "Message"
        TEST = "test", "Test"
        LETTER = "letter", "Letter to somebody outside"

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="deliveries",
        help_text="Empty: somebody outside, who has no login.",
    )
    address = models.CharField(
        max_length=254, blank=True, help_text="Of somebody outside; emptied some days after it was sent."
    )
    subscription = models.ForeignKey(
        Subscription, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    webhook = models.ForeignKey(
        Webhook, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries", help_text="Empty: mail."
    )
    is_by_webhook = models.BooleanField(default=False)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True, help_text="The words of a single message; emptied some days after it was sent.")
    url = models.CharField(max_length=500, blank=True)
    link_text = models.CharField(max_length=60, blank=True, help_text="What a letter's link says.")
    stop_url = models.CharField(max_length=500, blank=True, help_text="Where who got a letter says: no more.")
    is_secret = models.BooleanField(
        default=False, help_text="Its words, link and address are forgotten in the moment in which it is done with."
    )
    content = models.JSONField(
        null=True, blank=True, help_text="A digest's numbers, for its page; emptied after some weeks."
    )
    occurs_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    result = models.CharField(max_length=300, blank=True, help_text="What came of it, in a sentence.")
    n_attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="When a sweep gives it to a worker, if none has it by then.")
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    n_bytes = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="letter", user=None, webhook=None) | (~Q(kind="letter") & Q(user__isnull=False)),
                name="a_letter_goes_outside_and_all_else_to_a_user",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=["waiting", "working", "handing"]),
                name="deliveries_not_finished",
            ),
            models.Index(fields=["user", "-id"], name="deliveries_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().lower()} {self.pk}"

    @property
    def is_live(self) -> bool:
        """Say whether something is still to come."""
        return self.state in {self.State.WAITING, self.State.WORKING, self.State.HANDING}

    @property
    def reader(self) -> str:
        """Return who gets it, for sentences that ops read."""
        return str(self.user) if self.user_id else "somebody outside"

    @property
    def place(self) -> str:
        """Return where it goes, in a word."""
        if not self.is_by_webhook:
            return "e-mail"
        return self.webhook.name if self.webhook_id else "a removed webhook"


class Drawing(models.Model):
    """A chart that was drawn for digests; equal charts of any number of digests are one row."""

    key = models.CharField(max_length=64, unique=True)
    png = models.BinaryField()
    used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["used_at"], name="drawings_by_last_use")]

    def __str__(self) -> str:
        return f"drawing {self.key[:12]}"
