"""What closing knows of one person: told in their story, handed out to them, and erased."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse

from insights.events.public import IdSpace
from insights.persons.contracts import Moment, Subject
from insights.voice.closing.models import Status, Telling
from portal.messages.public import drop_letters


def find_answers(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> Any:
    """Return what a person or an account's people were told about what they asked for, the newest first."""
    told = Telling.objects.visible_to(user).filter(state=Telling.State.TOLD)
    told = told.filter(account=subject.no) if subject.is_account else told.filter(person__in=subject.numbers)
    return (told if until is None else told.filter(told_at__lte=until)).order_by("-told_at", "-pk")[:most]


ANSWER_FIELDS = (
    "told_at",
    "way",
    "told_by__name",
    "change__title",
    "change__status",
    "change__kind",
    "change__thing_id",
)


def show_answer(values: dict[str, Any]) -> list[Moment]:
    """Return the moment at which somebody was told."""
    way, by = Telling.Way(values["way"]).label.lower(), values["told_by__name"]
    return [
        Moment(
            at=dt.datetime.fromisoformat(values["told_at"]),
            side="we",
            kind="Answered",
            text=f"Told about “{values['change__title']}”: {Status(values['change__status']).label.lower()}",
            url=reverse("closing:thing-page", args=[values["change__kind"], values["change__thing_id"]]),
            detail=f"{way} by {by}" if by else way,
        )
    ]


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what a person was told, or is to be."""
    names = ("id", "change__title", "change__status", "subject", "text", "state", "way", "note", "told_at")
    yield "tellings", list(_theirs(space, distinct_ids).order_by("pk").values(*names, "created_at"))


@transaction.atomic
def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Delete what a person was told, with letters that wait; can be done twice."""
    theirs = list(_theirs(space, distinct_ids))
    drop_letters(f"telling:{one.pk}:{number}" for one in theirs for number in range(1, one.n_sent + 1))
    n_gone, _ = Telling.objects.filter(pk__in=[one.pk for one in theirs]).delete()
    return {"letters to them": n_gone} if n_gone else {}


def _theirs(space: IdSpace, distinct_ids: Sequence[str]) -> Any:
    return Telling.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
