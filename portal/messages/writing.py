"""From a delivery to a letter that can be handed over: which words, and by which way."""

from datetime import datetime
from typing import Protocol

from portal.messages.contracts import Result
from portal.messages.digests import NothingToSend, absolute, compose_digest, digest_body, digest_mail
from portal.messages.hooks import HookLetter, single_body
from portal.messages.mails import MailLetter, outside_mail, single_mail
from portal.messages.models import Delivery


class Letter(Protocol):
    """A message that is written: opened, then handed over once."""

    def open(self) -> Result | None:
        """Reach the other side, or say why it cannot be reached; nothing has been handed over yet."""

    def hand_over(self) -> Result:
        """Hand the message over and say what came of it."""

    def close(self) -> None:
        """Leave without handing over."""


def write(delivery: Delivery, now: datetime) -> Letter:
    """Return the letter of a delivery; raise NothingToSend where there is nothing to send."""
    if delivery.is_by_webhook and delivery.webhook is None:
        raise NothingToSend("Its webhook was removed.")
    if delivery.kind == Delivery.Kind.DIGEST:
        digest = compose_digest(delivery, now)
        if delivery.webhook is not None:
            return HookLetter(delivery, digest_body(digest, now), now)
        return MailLetter(digest_mail(digest, now))
    link = absolute(delivery.url) if delivery.url else ""
    if delivery.user is None:
        stop = absolute(delivery.stop_url) if delivery.stop_url else ""
        return MailLetter(outside_mail(delivery, link, stop))
    if delivery.webhook is not None:
        return HookLetter(delivery, single_body(delivery, link, now), now)
    return MailLetter(single_mail(delivery, link))
