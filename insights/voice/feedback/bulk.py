"""Many pieces of feedback at once, as imports and webhooks bring them: checked one by one, written together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from insights.contacts.public import clean_id, find_speakers
from insights.voice.feedback.actions import fill
from insights.voice.feedback.models import Feedback
from portal.people.public import Product
from portal.shell.public import Conflict

_TAKEN = "Somebody wrote one of these pieces down at the same moment. Nothing is half done; try it again."


@dataclass(frozen=True)
class Draft:
    """A piece that was checked and is not written yet, and who said it as it was typed."""

    feedback: Feedback
    person: str = ""
    account: str = ""


def draft_feedback(
    product: Product, *, today: date, owner_id: int | None, person: str = "", account: str = "", **values: Any
) -> Draft:
    """Check a piece without writing it; raises BadInput with what is wrong with each field."""
    feedback = Feedback(product=product, team=product.team, owner_id=owner_id, said_on=today)
    fill(feedback, values, today)
    return Draft(feedback, clean_id(person, "person"), clean_id(account, "account"))


def known_origin_ids(product: Product, origin: str, ids: Iterable[str]) -> set[str]:
    """Return which of these origin ids the product has already."""
    found = Feedback.objects.filter(product=product, origin=origin, origin_id__in=list(ids))
    return set(found.values_list("origin_id", flat=True))


@transaction.atomic
def write_drafts(product: Product, drafts: Sequence[Draft]) -> list[Feedback]:
    """Write checked pieces of one product down, whoever said them found in a handful of queries for all."""
    speakers = find_speakers(product, {(one.person, one.account) for one in drafts if one.person or one.account})
    for one in drafts:
        if speaker := speakers.get((one.person, one.account)):
            one.feedback.person_id, one.feedback.account_id = speaker.person_no, speaker.account_no
    try:
        with transaction.atomic():
            return Feedback.objects.bulk_create([one.feedback for one in drafts], batch_size=500)
    except IntegrityError as error:
        raise Conflict(_TAKEN) from error
