"""Notices inside the portal."""

from django.conf import settings
from django.db import models


class NoticeQuerySet(models.QuerySet):
    """Notices as rows of a list."""

    def visible_to(self, user) -> "NoticeQuerySet":
        """Keep the person's own notices."""
        return self.filter(user_id=user.pk) if getattr(user, "is_active", False) else self.none()

    def unread(self) -> "NoticeQuerySet":
        """Keep what was not read yet."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """A sentence for one person, with a link; its key makes it come once, however often its cause is seen."""

    class Kind(models.TextChoices):
        INFO = "info", "News"
        GOOD = "good", "Good news"
        WARN = "warn", "Warning"
        BAD = "bad", "Problem"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INFO)
    text = models.CharField(max_length=500)
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_notice_reaches_a_person_once")]
        indexes = [models.Index(fields=["user"], condition=models.Q(read_at=None), name="notices_not_read")]

    def __str__(self) -> str:
        return self.text[:80]
