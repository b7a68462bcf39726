"""Erasing a person from search: searches for them go, and once their texts are gone, all counted words.

The index of words itself is a column of each text, so it goes with the text. Names in the words of saved searches are
found and taken out as everywhere in what others wrote.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from insights.events.public import DistinctId, IdSpace
from insights.persons.contracts import MentionKeeper
from insights.voice.search.counting import forget_words
from insights.voice.search.models import SavedSearch, Word
from portal.operations.public import enqueue_on_commit
from portal.people.public import Product


def erase_from_searches(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Delete saved searches that narrow to a person, by whichever of their numbers."""
    rows = DistinctId.objects.filter(id_space=space, distinct_id__in=list(distinct_ids))
    numbers = {str(no) for row in rows for no in (row.no, row.resolved_no)}
    _, counts = SavedSearch.objects.filter(asked__person__in=sorted(numbers)).delete()
    n = counts.get(SavedSearch._meta.label, 0)
    return {"saved searches": n} if n else {}


def _emptied(space: IdSpace, distinct_ids: Sequence[str]) -> Any:
    """Return the counted words among which a person's may be: all of them go."""
    return Word.objects.filter(Q(words__team=None) | Q(words__team__in=_teams_of(space)))


def _teams_of(space: IdSpace) -> list[int]:
    return list(Product.objects.filter(pk=space.product_id).values_list("team_id", flat=True))


WORD_MENTIONS = MentionKeeper(Word._meta.label_lower, sees_to=_emptied)


def forget_counted(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Forget the words of the teams whose texts the person's were among; they are counted anew without them."""
    if space.product_id:
        forget_words(_teams_of(space))
        enqueue_on_commit("voice.count_words")
    return {}
