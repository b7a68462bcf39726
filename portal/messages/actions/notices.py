"""Telling people inside the portal, at most once a key.

Not in the audit trail: these follow from writes that are, and reading changes nothing but the reader's own list.
"""

from collections.abc import Iterable

from django.utils import timezone

from portal.messages.models import Notice
from portal.people.public import Role, User

LONGEST_TEXT = 500


def notify(users: Iterable[User], text: str, *, key: str, url: str = "", kind: str = Notice.Kind.INFO) -> int:
    """Put a notice before people, once a person and key; return how many had not seen it yet."""
    ids = {user.pk for user in users if user.pk and user.is_active}
    known = set(Notice.objects.filter(key=key, user_id__in=ids).values_list("user_id", flat=True))
    fresh = [Notice(user_id=pk, key=key, text=text[:LONGEST_TEXT], url=url, kind=kind) for pk in sorted(ids - known)]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def notify_ops(text: str, *, key: str, url: str = "", kind: str = Notice.Kind.WARN) -> int:
    """Put a notice before everybody in ops, and admins."""
    people = User.objects.filter(role__in=[Role.OPS, Role.ADMIN], is_active=True)
    return notify(people, text, key=key, url=url, kind=kind)


def read_notices(user: User, notice_id: int | None = None) -> int:
    """Mark one of a person's notices, or all, as read."""
    mine = Notice.objects.visible_to(user).unread()
    return (mine.filter(pk=notice_id) if notice_id else mine).update(read_at=timezone.now())
