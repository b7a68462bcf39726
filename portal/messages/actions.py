"""Telling people: notices and mails, each at most once a key.

Not in the audit trail: these follow from writes that are, and reading changes nothing but the reader's own list.
"""

from collections.abc import Iterable

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from portal.messages.models import Mail, Notice
from portal.operations.public import enqueue_on_commit
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


@transaction.atomic
def send_mail(user: User, subject: str, text: str, *, key: str) -> Mail:
    """Have a mail sent after the surrounding transaction commits; a second one of the same key is not sent."""
    values = {"user": user, "subject": subject, "text": text}
    mail, is_new = Mail.objects.get_or_create(key=key, defaults=values)
    if is_new:
        enqueue_on_commit("messages.send_mail", mail_id=mail.pk)
    return mail


@transaction.atomic
def deliver_mail(mail_id: int) -> bool:
    """Send a mail unless it was sent or its reader has gone; say whether it was sent here.

    The row stays locked while it is sent, so two workers never send it twice; only a crash in that moment may.
    """
    mail = Mail.objects.select_for_update(of=("self",)).select_related("user").filter(pk=mail_id, sent_at=None).first()
    if mail is None or not mail.user.is_active:
        return False
    EmailMessage(mail.subject, mail.text, to=[mail.user.email]).send()
    Mail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
    return True


def read_notices(user: User, notice_id: int | None = None) -> int:
    """Mark one of a person's notices, or all, as read."""
    mine = Notice.objects.visible_to(user).unread()
    return (mine.filter(pk=notice_id) if notice_id else mine).update(read_at=timezone.now())
