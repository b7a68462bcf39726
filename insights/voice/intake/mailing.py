"""Keeping a mail as feedback: its words, who wrote it, what it quotes and what hangs on it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from insights.voice.feedback.public import Channel, Feedback, add_feedback, attach_file
from insights.voice.intake.letters import Letter
from insights.voice.texts.public import LONGEST_TEXT
from portal.people.public import SYSTEM, Product
from portal.shell.public import BadInput

ORIGIN = "mail"
QUOTED_NAME = "earlier-messages.txt"


@dataclass(frozen=True)
class KeptLetter:
    """The piece that a mail became, whether it is new, and the files that could not be kept, with the reason."""

    feedback: Feedback
    is_new: bool
    left_out: tuple[str, ...] = ()


@transaction.atomic
def keep_letter(letter: Letter, product: Product, *, channel: Channel, visibility: str) -> KeptLetter:
    """Write a mail down once, by its Message-ID; files that may not be kept are left out and named."""
    today = timezone.localdate()
    said_on = min(letter.said_on or today, today + timedelta(days=1))
    feedback, is_new = add_feedback(
        product,
        actor=SYSTEM,
        today=today,
        text=letter.text[:LONGEST_TEXT],
        title=letter.subject,
        channel=channel,
        said_on=said_on,
        person=letter.sender,
        author=letter.author,
        origin=ORIGIN,
        origin_id=letter.message_id,
        visibility=visibility,
    )
    if not is_new:
        return KeptLetter(feedback, False)
    left_out = []
    files = [(one.name, one.data) for one in letter.enclosed]
    if letter.quoted:
        files.insert(0, (QUOTED_NAME, letter.quoted.encode()))
    if len(letter.text) > LONGEST_TEXT:
        files.insert(0, ("whole-text.txt", letter.text.encode()))
    for name, data in files:
        try:
            with transaction.atomic():
                attach_file(feedback, name, data, actor=SYSTEM)
        except BadInput as fault:
            left_out.append(fault.fields["files"][0])
    return KeptLetter(feedback, True, tuple(left_out))
