"""What the messages room hangs into the shell."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from portal.messages.models import Notice
from portal.people.public import ReadAlong
from portal.shell.registry import Command, FramePiece, HomePanel, ProfileTab, Schedule, registry


def count_unread(request) -> dict:
    """Return how many notices wait, for the bell."""
    counted = getattr(request.user, "n_unread_notices", None)  # read along with a session's user
    return {"n_unread": Notice.objects.visible_to(request.user).unread().count() if counted is None else counted}


def _unread_of_user() -> Any:
    unread = Notice.objects.unread().filter(user=OuterRef("pk")).order_by().values("user")
    return Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0)


def list_unread(request) -> dict | None:
    """Return the newest unread notices for Home, or nothing."""
    unread = Notice.objects.visible_to(request.user).unread()
    notices = list(unread[:5])
    return {"notices": notices} if notices else None


registry.add(FramePiece("bell", "top", "portal/messages/bell.html", count_unread, order=100))
registry.add(ReadAlong("n_unread_notices", _unread_of_user))
registry.add(HomePanel("notices", "portal/messages/home_panel.html", list_unread, order=5))
registry.add(Command("Read my notices", "messages:notice-list", order=200))
registry.add(Command("Subscribe to a digest", "messages:subscription-new", order=150))
registry.add(ProfileTab("subscriptions", "Subscriptions", "messages:subscription-list", order=20, icon="bell"))
registry.add(ProfileTab("webhooks", "Webhooks", "messages:webhook-list", order=30, icon="source"))
registry.add(
    Schedule(
        "Send messages that are due",
        task="messages.send_due",
        every_s=15,
        description="Starts digests whose time has come, and sends again what failed for a reason that passes.",
    )
)
registry.add(
    Schedule(
        "Forget the words of old messages",
        task="messages.forget_old",
        crontab="40 3 * * *",
        description="Empties the words of messages a week after they were sent; the log of what was sent stays.",
    )
)
