"""Addresses outside the portal that messages are posted to."""

from django.conf import settings
from django.db import models


class OwnQuerySet(models.QuerySet):
    """Rows that belong to one person; ops look after all of them."""

    def visible_to(self, user) -> "OwnQuerySet":
        """Keep the person's own."""
        return self.filter(user_id=user.pk) if getattr(user, "is_active", False) else self.none()


class Webhook(models.Model):
    """An address that takes messages as signed JSON, such as a channel of Slack.

    The address is kept encrypted as the secret is: who knows a chat's address may write into the chat. While a secret
    is exchanged, the old one signs beside the new one until `old_secret_until`.
    """

    PERSONAL_FIELDS = frozenset({"address", "secret", "old_secret"})

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=100)
    host = models.CharField(max_length=253, help_text="Shown in place of the address.")
    address = models.TextField(help_text="Encrypted.")
    secret = models.TextField(help_text="Encrypted; signs every message.")
    old_secret = models.TextField(blank=True, help_text="Encrypted; the one before, while it still signs too.")
    old_secret_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_fault = models.CharField(max_length=300, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="a_persons_webhooks_have_different_names"),
            models.CheckConstraint(
                condition=models.Q(old_secret="", old_secret_until=None)
                | (~models.Q(old_secret="") & models.Q(old_secret_until__isnull=False)),
                name="an_old_secret_says_until_when_it_signs",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_failing(self) -> bool:
        """Say whether the newest message was given up."""
        return self.failing_since is not None
