"""Sending what is on its way: claims, results, tries again.

A mail reaches its server at most once: "handing" is committed before the mail is handed over, and what a worker left
there is never sent again. What failed before that, or was refused by an answer, is tried again with longer waits.
A webhook's message is posted at least once, each time with the same id, by which its receiver can tell.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from portal.messages.aftermath import note_result
from portal.messages.contracts import Result
from portal.messages.digests import NothingToSend
from portal.messages.models import Delivery, Drawing, Webhook
from portal.messages.writing import write
from portal.operations.public import enqueue_on_commit
from portal.shell.public import PortalError

log = logging.getLogger(__name__)

State = Delivery.State
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 240)]
# Longer than the questions of a digest and a slow server take together; then its worker is gone.
CLAIM_HOLDS = timedelta(minutes=30)
KEEP_TEXT = timedelta(days=7)
KEEP_CONTENT = timedelta(days=35)
KEEP_ROWS = timedelta(days=400)
_OWN_FAULT = "An error of the portal's own stopped it. The worker's log has the details."
_LOST = "The worker ended while it handed this over. It may have arrived, so it was not sent a second time."


def deliver(delivery_id: int, clock=timezone.now) -> Delivery | None:
    """Make and send one waiting message; None when another worker has it, or it is done."""
    now = clock()
    claim = Delivery.objects.filter(pk=delivery_id, state=State.WAITING)
    fields = {
        "state": State.WORKING,
        "claimed_at": now,
        "next_at": now + CLAIM_HOLDS,
        "n_attempts": F("n_attempts") + 1,
    }
    if not claim.update(**fields):
        return None
    delivery = Delivery.objects.select_related("user", "subscription", "webhook").get(pk=delivery_id)
    try:
        result = _make_and_hand_over(delivery, now)
    except NothingToSend as reason:
        _finish(delivery, State.SKIPPED, str(reason), clock())
    except PortalError as error:
        _settle(delivery, Result(False, error.message, can_retry=True), clock())
    except Exception:  # the outermost loop of a job: one message must not stop the others
        log.exception("messages: delivery %s failed", delivery.pk)
        _settle(delivery, Result(False, _OWN_FAULT, can_retry=True), clock())
    else:
        if result is not None:
            _settle(delivery, result, clock())
    delivery.refresh_from_db()
    return delivery


def _make_and_hand_over(delivery: Delivery, now: datetime) -> Result | None:
    """Return what came of it, or None where another worker took over while this one was slow."""
    if delivery.user is not None and not delivery.user.is_active:
        raise NothingToSend("This person has no access any more.")
    letter = write(delivery, now)
    if (fault := letter.open()) is not None:
        return fault
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.WORKING, claimed_at=delivery.claimed_at)
    if not mine.update(state=State.HANDING):
        letter.close()
        return None
    delivery.state = State.HANDING
    return letter.hand_over()


def _settle(delivery: Delivery, result: Result, now: datetime) -> None:
    if result.is_sent:
        _finish(delivery, State.SENT, result.sentence, now, n_bytes=result.n_bytes)
    elif result.is_unknown and not delivery.is_by_webhook:
        _finish(delivery, State.UNKNOWN, result.sentence, now)
    elif (result.can_retry or result.is_unknown) and delivery.n_attempts <= len(WAITS):
        wait = WAITS[delivery.n_attempts - 1]
        again = f"{result.sentence} Next try after {_say_wait(wait)}."
        _mine(delivery).update(state=State.WAITING, next_at=now + wait, result=again[:300], claimed_at=None)
    else:
        _finish(delivery, State.FAILED, result.sentence, now)


def _say_wait(wait: timedelta) -> str:
    minutes = round(wait.total_seconds() / 60)
    if minutes >= 60:
        return "an hour" if minutes == 60 else f"{minutes // 60} hours"
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def _mine(delivery: Delivery):
    return Delivery.objects.filter(
        pk=delivery.pk, claimed_at=delivery.claimed_at, state__in=[State.WORKING, State.HANDING]
    )


@transaction.atomic
def _finish(delivery: Delivery, state: str, sentence: str, now: datetime, **more) -> None:
    fields = {"state": state, "result": sentence[:300], "finished_at": now, **more}
    if delivery.is_secret:
        fields |= {"text": "", "address": "", "url": "", "stop_url": ""}
    if _mine(delivery).update(**fields):
        note_result(delivery, state, sentence, now)


def sweep_deliveries(now: datetime, limit: int = 500) -> int:
    """Give what is due and what a gone worker left to workers, and forget old words; return how many were given."""
    lost = Delivery.objects.filter(state=State.HANDING, next_at__lte=now)
    for delivery in lost.filter(is_by_webhook=False)[:limit]:
        _finish(delivery, State.UNKNOWN, _LOST, now)
    gone = Q(state=State.WORKING) | Q(state=State.HANDING, is_by_webhook=True)
    Delivery.objects.filter(gone, next_at__lte=now).update(state=State.WAITING, next_at=now)
    with transaction.atomic():
        due = Delivery.objects.filter(state=State.WAITING, next_at__lte=now).order_by("next_at", "pk")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        # Far enough that the next sweep does not give them twice; near enough if the hint is lost.
        Delivery.objects.filter(pk__in=ids).update(next_at=now + timedelta(minutes=10))
        for pk in ids:
            enqueue_on_commit("messages.deliver_message", delivery_id=pk)
    return len(ids)


def forget_old(now: datetime) -> None:
    """Empty the words of messages and the old secrets that nobody needs any more, and remove very old rows."""
    done = Delivery.objects.exclude(finished_at=None)
    done.filter(finished_at__lt=now - KEEP_TEXT).exclude(text="").update(text="")
    letters = done.filter(finished_at__lt=now - KEEP_TEXT, kind=Delivery.Kind.LETTER)
    letters.exclude(address="").update(address="", url="", stop_url="")
    done.filter(finished_at__lt=now - KEEP_CONTENT, content__isnull=False).update(content=None)
    done.filter(finished_at__lt=now - KEEP_ROWS).delete()
    Drawing.objects.filter(used_at__lt=now - KEEP_CONTENT).delete()
    Webhook.objects.filter(old_secret_until__lt=now).update(old_secret="", old_secret_until=None)
