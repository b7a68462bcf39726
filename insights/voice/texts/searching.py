"""Searching the words that the database keeps of texts: the query for what was typed, and the rows that fit it.

A table with texts has a column `words`, which the database fills by `words_of_text`, and if readers of other teams see
a masked form of it, `shared_words` of that form, null where they see nothing. No model has these columns as fields:
nobody but the database reads them.
"""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import BooleanField, Case, Expression, Func, Q, QuerySet, Value, When
from django.db.models.expressions import Col

from insights.voice.texts.contracts import LANGUAGES
from insights.voice.texts.words import build_tsquery, read_terms

CONFIGS = [*sorted({config for _, config in LANGUAGES.values()}), "simple"]
_READ = """
SELECT c.name, t.number - 1, phraseto_tsquery(c.name::regconfig, t.text)::text
FROM unnest(%s::text[]) AS c (name), unnest(%s::text[]) WITH ORDINALITY AS t (text, number)
ORDER BY 1, 2
"""


class Words(Expression):
    """The column of a table in which the database keeps the words of its texts."""

    def __init__(self, column: str = "words"):
        super().__init__(output_field=SearchVectorField())
        self.column = column

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Col:
        """Return the column of the table that is asked."""
        field = SearchVectorField()
        field.set_attributes_from_name(self.column)
        field.model = query.model
        return Col(query.get_initial_alias(), field)


class Query(Value):
    """A query of words, as `build_query` returns it."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Write it as a constant, so that the planner knows how many rows may fit."""
        return "%s::tsquery", [self.value]


class Fits(Func):
    """Whether words fit a query; the planner is told what it costs to unpack them, which it cannot know."""

    output_field = BooleanField()

    def __init__(self, words: Any, query: str, **extra: Any):
        super().__init__(Words(words) if isinstance(words, str) else words, Query(query), **extra)

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:
        """Write it so that the index of words can answer it."""
        words, query = (compiler.compile(one) for one in self.get_source_expressions())
        return f"({words[0]} @@ {query[0]} AND words_unpacked({words[0]}))", [*words[1], *query[1], *words[1]]


def build_query(text: str) -> str:
    """Return the query for what was typed, in every language that is stemmed; "" where nothing is looked for.

    The last word may be the beginning of one.
    """
    terms = read_terms(text)
    if not terms:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [CONFIGS, [term.text for term in terms]])
        stems = {(config, number): query for config, number, query in cursor.fetchall()}
    return build_tsquery(terms, stems, {})


def keep_fitting(rows: QuerySet, query: str, user: Any) -> QuerySet:
    """Keep the rows of teams whose words fit, in the form that the user may read: what is masked is not found."""
    if not query:
        return rows.none()
    whole = Q(Fits("words", query))
    if user.is_ops:
        return rows.filter(whole)
    return rows.filter(Q(team_id__in=user.team_ids) & whole | Q(Fits("shared_words", query)))


def words_for(user: Any, *, has_shared_words: bool = True) -> Any:
    """Return the words of a text in the form that the user may read, to order by."""
    if user.is_ops or not has_shared_words:
        return Words()
    return Case(When(team_id__in=user.team_ids, then=Words()), default=Words("shared_words"))
