"""What is alike: the words of a text that say the most, and how many of them another text has too.

A word says the more, the fewer texts hold it (tf-idf; Spärck Jones 1972, J. Doc. 28, 11-21). It is read from the index
of words itself, so it knows every kind of text, and knows a text the moment that it is written down.
"""

import math
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import FloatField, Func

from insights.voice.search.models import Word, WordList
from insights.voice.texts.public import TextKind, quoted, words_for

MOST_WORDS = 10
MANY = 500  # texts that hold a word, up to which it is looked at however few texts there are
LEAST_LIKE = 0.16  # of all that the words of the text say

_WORDS_OF = f"""
WITH own AS (
    SELECT u.lexeme, coalesce(array_length(u.positions, 1), 1) AS n
    FROM ({{text}}) AS t (words), unnest(t.words) AS u WHERE u.lexeme ~ '^[[:alpha:]]+$' AND length(u.lexeme) > 2
),
lists AS (
    SELECT id, n_texts FROM {WordList._meta.db_table}
    WHERE CASE WHEN %s THEN team_id IS NOT NULL ELSE team_id IS NULL OR team_id = ANY(%s::bigint[]) END
)
SELECT o.lexeme, o.n, coalesce(sum(w.n_texts), 0), (SELECT coalesce(sum(n_texts), 0) FROM lists)
FROM own o LEFT JOIN {Word._meta.db_table} w
    ON w.lexeme = o.lexeme AND w.words_id IN (SELECT id FROM lists)
GROUP BY o.lexeme, o.n
"""


@dataclass(frozen=True)
class Telling:
    """The words of a text that say the most, each with how much it says."""

    weights: dict[str, float]
    n_words: int

    @property
    def query(self) -> str:
        """Return the query for texts with any of the words."""
        return " | ".join(map(quoted, self.weights))

    @property
    def whole(self) -> float:
        """Return how much all of the words say."""
        return sum(self.weights.values())


class Overlap(Func):
    """How much of what a text's words say is said by the words of another: 0 for nothing, 1 for all of it.

    Of one more than twice as long less is counted: long texts hold many words of any other. The words are unpacked once
    for all that are looked for.
    """

    template = (
        "(SELECT coalesce(sum(o.weight), 0) / greatest(1, max(x.n) / %(fair)s) ^ 0.25"
        " FROM (SELECT d.words, length(d.words) AS n FROM (SELECT %(expressions)s || ''::tsvector AS words OFFSET 0) d"
        " OFFSET 0) x, unnest(%%s::tsquery[], %%s::float8[]) AS o (word, weight) WHERE x.words @@ o.word)"
    )
    output_field = FloatField()

    def __init__(self, words: Any, telling: Telling, **extra: Any):
        super().__init__(words, fair=f"{2.0 * max(telling.n_words, 5):.1f}", **extra)
        self.telling = telling

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        """Write it with the words and what each says."""
        sql, params = super().as_sql(compiler, connection, **more)
        whole = self.telling.whole or 1.0
        weights = [weight / whole for weight in self.telling.weights.values()]
        return sql, (*params, list(map(quoted, self.telling.weights)), weights)


def telling_words(kind: TextKind, pk: int, user: Any) -> Telling:
    """Return the words that say the most of a text that the user may read."""
    rows = kind.rows(user).filter(pk=pk).order_by()
    words = words_for(user, has_shared_words=kind.has_shared_words)
    sql, params = rows.values_list(words).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_WORDS_OF.format(text=sql), [*params, bool(user.is_ops), list(user.team_ids)])
        found = cursor.fetchall()
    weights = {lexeme: _weight(n, n_texts, n_all) for lexeme, n, n_texts, n_all in found}
    best = sorted(((weight, lexeme) for lexeme, weight in weights.items() if weight > 0), reverse=True)[:MOST_WORDS]
    return Telling({lexeme: weight for weight, lexeme in best}, len(found))


def _weight(n: int, n_texts: int, n_all: int) -> float:
    """Return how much a word says that stands n times in a text, and in n_texts of n_all."""
    if not n_all:  # never counted: longer words say more
        return 1.0
    if n_texts > max(MANY, n_all / 10):  # of so many texts too many would have to be looked at
        return 0.0
    return (1 + math.log(n)) * math.log((n_all + 1) / (max(n_texts, 1) + 0.5))
