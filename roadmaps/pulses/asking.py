"""Writing to those who are asked: each gets a link of their own, of which nothing is kept that leads back to them."""

import hashlib
import secrets
import uuid

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.audit.public import record
from portal.messages.public import send_letter
from portal.people.public import require
from portal.shell.public import Conflict
from roadmaps.pulses.models import Invitee, Pulse, Ticket

_CHUNK = 50
_TEXT = """\
{sender} asks what the functions around {product} think of its goals: three questions, two minutes.

Nobody can see who answered what, neither {sender} nor the portal: your link holds a secret that is not kept with your \
name, an answer is stored without time and without the link, and of fewer than five people no number is shown.

The link takes one answer, until {day}. Please do not pass it on."""
_REMINDER = """\
{sender} asked what the functions around {product} think of its goals. Until {day} it can still be answered.

Your link is in the mail “{name}” of {asked}. Nobody can see who has answered, so this goes to all who were asked: if \
you have, thank you, and there is nothing to do."""


def hash_of(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_of(secret: str) -> str:
    """Return the path where a pulse is answered; the secret stands where logs of requests do not keep it."""
    return f"{reverse('pulse_answers:answer')}?key={secret}"


def write_letters(pulse_id: int) -> int:
    """Write to everybody of an open pulse who was not written to; each chunk is whole, so it may die at any line."""
    n_written = 0
    while n := _write_chunk(pulse_id):
        n_written += n
    return n_written


def pulses_to_write() -> list[int]:
    """Return the open pulses some of whose people were not written to."""
    waiting = Invitee.objects.filter(is_written_to=False, function__pulse__state=Pulse.State.OPEN)
    return list(waiting.order_by("function__pulse").values_list("function__pulse", flat=True).distinct())


@transaction.atomic
def _write_chunk(pulse_id: int) -> int:
    pulse = Pulse.objects.select_for_update(of=["self"]).dressed().filter(pk=pulse_id).first()
    if pulse is None or not pulse.takes_answers(timezone.localdate()):
        return 0
    waiting = Invitee.objects.filter(function__pulse=pulse, is_written_to=False).order_by("?")[:_CHUNK]
    asked = [(secrets.token_urlsafe(24), one) for one in waiting]
    text = _TEXT.format(sender=sender_of(pulse), product=pulse.product, day=_day(pulse.closes_on))
    for secret, one in asked:
        # The letter forgets address and link once it is sent; its key is drawn by lot and leads nowhere.
        key = f"pulse:{pulse.pk}:{uuid.uuid4()}"
        send_letter(one.address, pulse.name, text, key=key, url=link_of(secret), link_text="Answer", is_secret=True)
    tickets = [Ticket(secret_hash=hash_of(secret), function_id=one.function_id) for secret, one in asked]
    Ticket.objects.bulk_create(sorted(tickets, key=lambda ticket: ticket.secret_hash))
    Invitee.objects.filter(pk__in=[one.pk for _, one in asked]).update(is_written_to=True)
    return len(asked)


@transaction.atomic
def remind(pulse: Pulse, *, actor) -> int:
    """Remind everybody once by a mail without a link: who has answered is not known, so it goes to all."""
    current = Pulse.objects.select_for_update(of=["self"]).dressed().get(pk=pulse.pk)
    require(actor, "pulses.edit", current)
    if not current.takes_answers(timezone.localdate()):
        raise Conflict("It is not open.")
    if current.reminded_at is not None:
        raise Conflict("They were reminded already. Once is enough.")
    asked = date_format(timezone.localtime(current.opened_at), "j M Y")
    values = {"sender": sender_of(current), "product": current.product, "day": _day(current.closes_on)}
    text = _REMINDER.format(**values, name=current.name, asked=asked)
    addresses = Invitee.objects.filter(function__pulse=current, is_written_to=True).values_list("address", flat=True)
    for address in sorted(addresses):
        key = f"pulse:{current.pk}:{uuid.uuid4()}"
        send_letter(address, f"Reminder: {current.name}", text, key=key, is_secret=True)
    current.reminded_at, current.version = timezone.now(), current.version + 1
    current.save()
    record(actor, "pulse.reminded", current, after={"people": len(addresses)})
    return len(addresses)


def sender_of(pulse: Pulse) -> str:
    """Return who asks, as people read it."""
    return pulse.sender or f"The team of {pulse.product}"


def _day(day) -> str:
    return date_format(day, "j M Y")
