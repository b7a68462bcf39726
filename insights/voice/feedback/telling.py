"""What feedback tells to the story of a person or an account: what they said, and when."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from insights.persons.contracts import Moment, Subject
from insights.voice.feedback.models import Feedback
from insights.voice.texts.public import excerpt


def tell_feedback(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> Sequence[Moment]:
    """Return what a person or an account's people said, as far as the reader may see who said it."""
    zone = timezone.get_current_timezone()
    said = Feedback.objects.visible_to(user).inside_of(user).select_related("channel")
    said = said.filter(account=subject.no) if subject.is_account else said.filter(person__in=subject.numbers)
    if until is not None:
        said = said.filter(said_on__lte=until.astimezone(zone).date())
    return [
        Moment(
            at=dt.datetime.combine(one.said_on, dt.time(), zone),
            side="said",
            kind=str(one.get_kind_display()),
            text=excerpt(one.text),
            url=one.get_absolute_url(),
            detail=one.channel.name,
            has_time=False,
            language=one.language,
        )
        for one in said.order_by("-said_on", "-pk")[:most]
    ]
