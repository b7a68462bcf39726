"""Counting which words a team's texts hold: in a worker, anew whenever the texts have changed; nothing of it is shown.

Counts are what PostgreSQL's own index of words says, so a word goes with the last text that held it. An erasure empties
them at once and has them made anew.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from insights.voice.search.models import Word, WordList
from insights.voice.texts.public import TextKind
from portal.people.public import Team
from portal.shell.public import registry

log = logging.getLogger(__name__)

LONGEST = 40
_COUNT = f"""
INSERT INTO {Word._meta.db_table} (words_id, lexeme, n_texts)
SELECT %s, word, sum(ndoc) FROM ({{parts}}) AS counted
WHERE length(word) BETWEEN 2 AND {LONGEST} AND word ~ '^[[:alpha:]]+$'
GROUP BY word
"""


def count_changed() -> int:
    """Count the words of each team whose texts have changed since; return how many lists were made anew."""
    return sum(count_words(team_id) for team_id in [None, *Team.objects.order_by("pk").values_list("pk", flat=True)])


@transaction.atomic
def count_words(team_id: int | None) -> bool:
    """Count the words of a team, or of what is shared, unless nothing has changed; say whether they were counted."""
    WordList.objects.get_or_create(team_id=team_id)
    # Locked first: what was read before an erasure is never kept after it.
    words = WordList.objects.select_for_update(of=["self"]).get(team_id=team_id)
    parts = [rows for kind in registry.all(TextKind) if (rows := kind.words_of(team_id)) is not None]
    stamps = [_stamp_of(rows) for rows in parts]
    stamp = "/".join(text for text, _ in stamps)
    if words.counted_at and words.stamp == stamp:
        return False
    Word.objects.filter(words=words).delete()
    _count(words.pk, parts)
    words.stamp, words.n_texts, words.counted_at = stamp, sum(n for _, n in stamps), timezone.now()
    words.save()
    return True


def forget_words(team_ids: Iterable[int]) -> None:
    """Forget the words of some teams and of what is shared, until they are counted anew."""
    wanted = [None, *team_ids]
    with transaction.atomic():
        for words in WordList.objects.select_for_update(of=["self"]).order_by("pk"):
            if words.team_id in wanted:
                Word.objects.filter(words=words).delete()
                words.stamp, words.n_texts, words.counted_at = "", 0, None
                words.save()


def _stamp_of(rows: Any) -> tuple[str, int]:
    """Return what tells whether texts have changed, and how many there are."""
    found = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    wanted = {"n": Count("pk"), "last": Max("pk")}
    if any(field.name == "updated_at" for field in rows.model._meta.fields):
        wanted["at"] = Max("updated_at")
    facts = found.aggregate(**wanted)
    return ",".join(str(facts[name]) for name in wanted), facts["n"]


def _count(pk: int, parts: list[Any]) -> None:
    with connection.cursor() as cursor:
        texts = []
        for rows in parts:
            sql, params = rows.order_by().query.sql_with_params()
            texts.append(cursor.mogrify(sql, params).decode())
        union = " UNION ALL ".join(["SELECT word, ndoc FROM ts_stat(%s)"] * len(texts))
        if texts:
            cursor.execute(_COUNT.format(parts=union), [pk, *texts])
