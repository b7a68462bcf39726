"""Who is told what of a blind round: asked, reminded a day before its day, and its lead once all have scored."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.messages.public import notify, send
from portal.people.public import User, can_see
from roadmaps.planning.scoring.models import Round, Scorer

# Who was asked within a day of the due date needs no reminder on top.
_FRESH = timedelta(days=1)


def tell_asked(round_: Round, people: Iterable[User], *, actor: Any) -> None:
    """Tell people that they are asked to score, but who asks themselves too."""
    by = f", by {round_.due_on:%-d %b %Y}" if round_.due_on else ""
    who = f"{actor} asks you" if actor.pk else "You are asked"
    said = f"{who} to score initiatives of {round_.product}{by}. Nobody sees your numbers before all are revealed."
    for user in people:
        if user.pk != actor.pk:
            _tell(user, f"Please score “{round_.title}”", said, what=f"round-asked:{round_.pk}", round_=round_)


def tell_complete(round_: Round) -> None:
    """Tell who leads a round that everybody who was asked has handed in."""
    if round_.owner is not None:
        subject = f"All have scored “{round_.title}”"
        _tell(round_.owner, subject, "Reveal the numbers when you are ready to talk about them.",
              what=f"round-complete:{round_.pk}", round_=round_)  # fmt: skip


def remind_scorers(night: Any) -> None:
    """Remind who did not hand in, once, on the day before a round is due (or on that day, where the night was late)."""
    today = timezone.localdate(night.now)
    late = Round.objects.filter(state=Round.State.OPEN, due_on__range=(today, today + timedelta(days=1)))
    waiting = Scorer.objects.filter(round__in=late.filter(created_at__lte=night.now - _FRESH), done_at=None)
    n_told = 0
    for one in waiting.select_related("user", "round__product", "round__team").order_by("pk"):
        if not can_see(one.user, one.round):
            continue
        when = "tomorrow" if one.round.due_on > today else "today"
        said = f"The round about {one.round.product} is due {when}, and your numbers are missing."
        what = f"round-due:{one.round_id}"
        n_told += _tell(one.user, f"“{one.round.title}” waits for your scores", said, what=what, round_=one.round)
    night.progress(1, 1, f"{n_told} reminded of blind rounds")


def _tell(user: User, subject: str, text: str, *, what: str, round_: Round) -> int:
    url = round_.get_absolute_url()
    send(user, subject, text, key=f"{what}:{user.pk}", url=url)
    return notify([user], f"{subject}. {text}", key=what, url=url)
