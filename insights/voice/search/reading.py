"""What was typed, read once: the database's query for it, and what was meant by words that no text holds."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection

from insights.voice.search.contracts import MOST_OF_A_KIND
from insights.voice.search.models import Word, WordList
from insights.voice.search.slips import FEWEST_LETTERS, LONG, meant_words, one_slip_from
from insights.voice.texts.public import CONFIGS, Term, beginning_of, build_tsquery, read_terms

_LISTS = f"""
    SELECT id FROM {WordList._meta.db_table} WHERE %(is_ops)s OR team_id IS NULL OR team_id = ANY(%(teams)s::bigint[])
"""

# What each language makes of each term; which of that the reader's lists have, and in how many texts words stand that
# begin as the last term. The arrays of sub-selects let the index of words be asked for just these.
_READ = f"""
WITH stems AS (
    SELECT a.number - 1 AS number, c.name, phraseto_tsquery(c.name::regconfig, a.text)::text AS query
    FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS a (text, number), unnest(%(configs)s::text[]) AS c (name)
)
SELECT number, name, query, 0::bigint FROM stems
UNION ALL
SELECT NULL, 'all', '', sum(n_texts) FROM {WordList._meta.db_table} WHERE id = ANY(ARRAY({_LISTS}))
UNION ALL
SELECT NULL, 'known', w.lexeme, w.n_texts FROM {Word._meta.db_table} w
WHERE w.words_id = ANY(ARRAY({_LISTS}))
    AND w.lexeme = ANY(ARRAY(SELECT DISTINCT trim(BOTH '''' FROM query) FROM stems))
UNION ALL
SELECT NULL, 'beginning', '', sum(w.n_texts) FROM {Word._meta.db_table} w
WHERE %(beginning)s <> '' AND w.lexeme LIKE %(beginning)s || '%%' AND w.words_id = ANY(ARRAY({_LISTS}))
"""

# Words of the reader's lists that one slip makes of a word, and for long ones those that share most of their letters.
_NEAR = f"""
SELECT a.number - 1, w.lexeme, sum(w.n_texts)
FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS a (text, number)
CROSS JOIN LATERAL (
    SELECT lexeme, n_texts FROM {Word._meta.db_table}
    WHERE length(a.text) >= {LONG} AND lexeme %% a.text AND words_id = ANY(ARRAY({_LISTS}))
) w GROUP BY 1, 2
UNION ALL
SELECT NULL, w.lexeme, sum(w.n_texts) FROM {Word._meta.db_table} w
WHERE w.words_id = ANY(ARRAY({_LISTS})) AND w.lexeme = ANY(%(slipped)s::text[]) GROUP BY 2
"""


@dataclass(frozen=True)
class Read:
    """What was typed as the database reads it, and by number of the term the words that were probably meant.

    `is_frequent` where so many texts are expected to fit that the newest are found sooner by looking through the newest
    texts than by the index of words: where n of N fit, 500 are found after 500 * N / n texts, and that is less than n.
    """

    terms: tuple[Term, ...]
    query: str
    meant: dict[int, list[str]]
    is_frequent: bool = True


def read_wish(text: str, user: Any) -> Read:
    """Return the query for what was typed; a word that no text of the reader's holds brings along what is nearest."""
    terms = read_terms(text)
    if not terms:
        return Read((), "", {})
    scope = {"is_ops": bool(user.is_ops), "teams": list(user.team_ids)}
    beginning = beginning_of(terms)
    asked = {"texts": [term.text for term in terms], "configs": CONFIGS, "beginning": beginning}
    rows = _ask(_READ, {**asked, **scope})
    stems = {(name, number): query for number, name, query, _ in rows if number is not None}
    known: Counter[str] = Counter()
    for _, name, lexeme, n_texts in rows:
        if name == "known":
            known[lexeme] += n_texts
    n_begin = next((n for _, name, _, n in rows if name == "beginning"), 0) or 0
    n_all = next((n for _, name, _, n in rows if name == "all"), 0) or 0
    unknown, share = {}, 1.0
    for number, term in enumerate(terms):
        forms = [term.text.lower(), *(stems[config, number].strip("'") for config in CONFIGS)]
        if n_all and not term.is_excluded:
            n_whole = max((known[form] for form in forms), default=0)
            n_fit = max(n_whole, n_begin) if number == len(terms) - 1 else n_whole
            share *= min(1.0, float(n_fit) / n_all)
        is_last = n_begin and number == len(terms) - 1
        if _may_be_a_slip(term) and not is_last and not any(form in known for form in forms):
            unknown[number] = [form for form in dict.fromkeys(forms) if form]
    meant = _read_meant(unknown, scope) if unknown else {}
    return Read(
        terms, build_tsquery(terms, stems, meant), meant, not n_all or share * n_all > (MOST_OF_A_KIND * n_all) ** 0.5
    )


def _read_meant(unknown: dict[int, list[str]], scope: dict[str, Any]) -> dict[int, list[str]]:
    """Return which words of the reader's lists were probably meant by words that none of them has."""
    slipped = {made for forms in unknown.values() for form in forms for made in one_slip_from(form)}
    texts = [forms[0] for forms in unknown.values()]
    rows = _ask(_NEAR, {"texts": texts, "slipped": sorted(slipped), **scope})
    numbers = list(unknown)
    meant = {}
    for place, number in enumerate(numbers):
        near = [(lexeme, n_texts) for at, lexeme, n_texts in rows if at is None or at == place]
        if words := meant_words(unknown[number], near):
            meant[number] = words
    return meant


def _ask(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _may_be_a_slip(term: Term) -> bool:
    return not term.is_phrase and not term.is_excluded and term.text.isalpha() and len(term.text) >= FEWEST_LETTERS
