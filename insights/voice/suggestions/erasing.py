"""Erasing a person: nothing that was learned may keep their words, so all of it is made anew without them.

Runs after the rooms that hold the words; a learning that read them before is not kept (see `jobs`). Proposals that
nobody decided on go; of decided ones the words go and their hashes stay, so that a rejection is still remembered.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from insights.events.public import IdSpace
from insights.voice.suggestions import keeping
from insights.voice.suggestions.jobs import ask_to_learn
from insights.voice.suggestions.models import Learning, ThemeProposal


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Forget what was learned of the products of an id space; can be done twice."""
    learnings = Learning.objects.filter(product__in=_products_of(space)).select_related("product")
    for learning in learnings:
        with transaction.atomic():
            empty = {"token": "", "stamp": "", "n_marks": 0, "n_examples": 0, "n_themes": 0, "n_pieces": 0}
            Learning.objects.filter(pk=learning.pk).update(
                n_erasures=F("n_erasures") + 1, quality=None, learned_at=None, **empty
            )
            proposals = ThemeProposal.objects.filter(product=learning.product)
            proposals.filter(state=ThemeProposal.State.OPEN).delete()
            proposals.update(name="", words=[])
            ask_to_learn(learning.product)
        keeping.forget(learning.product_id)
    return {}


def _products_of(space: IdSpace) -> list[int]:
    return [space.product_id] if space.product_id else []
