"""Finding: what fits of every kind in one statement, ordered by how well it fits, and a page of it read and marked."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, ExpressionWrapper, F, FloatField, Func, QuerySet, Value
from django.db.models.functions import Cast

from insights.voice.search.contracts import (
    MOST_ALIKE_LOOKED_AT,
    MOST_OF_A_KIND,
    PER_PAGE,
    Answer,
    Candidate,
    Correction,
    Hit,
    KindCount,
    Wish,
)
from insights.voice.search.likeness import LEAST_LIKE, Overlap, telling_words
from insights.voice.search.marking import mark_found, marked_words
from insights.voice.search.narrowing import accounts_asked_for, day_of, narrow, read_narrow
from insights.voice.search.reading import Read, read_wish
from insights.voice.search.slips import slips_between
from insights.voice.texts.public import Query, TextKind, words_for
from portal.shell.public import NotFound, registry

_FADES_DAYS = 365  # a text of a year ago counts a third less than one of today
_WEIGHTS = "{0.1, 0.4, 0.7, 1.0}"  # of the letters D, C, B, A: who took part or said it, the text, its title


class Rank(Func):
    """How well words fit a query, by how often and how near to each other they stand, in the length of the text."""

    function = "ts_rank_cd"
    template = f"%(function)s('{_WEIGHTS}', %(expressions)s, 1)"
    output_field = FloatField()


@dataclass(frozen=True)
class _Asked:
    """A wish as the database is asked it: words, or a text to which others are alike, or neither."""

    wish: Wish
    user: Any
    query: str
    score: Any
    like: tuple[str, int] | None = None
    is_frequent: bool = True


def find(wish: Wish, user: Any, *, today: date, page: int = 1, per_page: int = PER_PAGE) -> Answer:
    """Return a page of what a user may read that fits a wish."""
    if wish.is_empty:
        return Answer()
    if wish.like:
        return _find_alike(wish, user, today, page, per_page)
    read = read_wish(wish.text, user)
    if wish.text.strip() and not read.query:
        return Answer(has_words=False)
    asked = _asked_words(wish, user, read)
    answer = _answer(asked, today, page, per_page)
    return _with_corrections(answer, read)


def candidates_of(wish: Wish, user: Any, today: date) -> list[Candidate]:
    """Return all that fits a wish, best first, as far as it is looked at."""
    read = read_wish(wish.text, user)
    if wish.text.strip() and not read.query:
        return []
    asked = _asked_words(wish, user, read)
    return [one for one in _candidates(asked, today) if wish.kind in ("", one.kind)]


def read_hits(found: list[Candidate], user: Any, query: str = "") -> list[Hit]:
    """Return texts that were found, in their order, as the user may read them; each kind in a query or two."""
    kinds = _kinds()
    shown: dict[tuple[str, int], Any] = {}
    for name in dict.fromkeys(one.kind for one in found):
        kind = kinds[name]
        pks = [one.pk for one in found if one.kind == name]
        rows = list(kind.dress(kind.rows(user)).filter(pk__in=pks))
        for row, text in zip(rows, kind.show(rows, user), strict=True):
            shown[name, row.pk] = text
    there = [one for one in found if (one.kind, one.pk) in shown]
    marks = mark_found([shown[one.kind, one.pk] for one in there], query)
    return [
        Hit(one.kind, kinds[one.kind].label, one.pk, shown[one.kind, one.pk], snippet, title)
        for one, (title, snippet) in zip(there, marks, strict=True)
    ]


def read_name(name: str) -> tuple[TextKind, int]:
    """Return the kind and the number of a text that is named as in an address, "feedback-12"."""
    kind, _, pk = name.partition("-")
    found = _kinds().get(kind)
    if found is None or not (pk.isdecimal() and len(pk) <= 18):
        raise NotFound()
    return found, int(pk)


def _kinds() -> dict[str, TextKind]:
    return {kind.name: kind for kind in registry.all(TextKind)}


def _asked_words(wish: Wish, user: Any, read: Read) -> _Asked:
    is_frequent = read.is_frequent or not read.query
    return _Asked(wish, user, read.query, lambda words: Rank(words, Query(read.query)), is_frequent=is_frequent)


def _find_alike(wish: Wish, user: Any, today: date, page: int, per_page: int) -> Answer:
    kind, pk = read_name(wish.like)
    rows = list(kind.dress(kind.rows(user)).filter(pk=pk))
    if not rows:
        raise NotFound()
    like = kind.show(rows, user)[0]
    telling = telling_words(kind, pk, user)
    if not telling.weights:
        return Answer(like=like, like_label=kind.label, has_words=False)
    asked = _Asked(wish, user, telling.query, lambda words: Overlap(words, telling), (kind.name, pk))
    answer = _answer(asked, today, page, per_page)
    return Answer(**{**vars(answer), "like": like, "like_label": kind.label})


def _answer(asked: _Asked, today: date, page: int, per_page: int) -> Answer:
    found = _candidates(asked, today)
    counts = []
    for kind in registry.all(TextKind):
        n = sum(one.kind == kind.name for one in found)
        counts.append(KindCount(kind.name, kind.plural, n, n >= MOST_OF_A_KIND))
    kept = [one for one in found if asked.wish.kind in ("", one.kind)]
    n_pages = max(1, math.ceil(len(kept) / per_page))
    page = min(max(1, page), n_pages)
    hits = read_hits(kept[(page - 1) * per_page : page * per_page], asked.user, asked.query)
    return Answer(tuple(hits), tuple(counts), len(found), page, n_pages, is_cut=any(one.is_more for one in counts))


def _candidates(asked: _Asked, today: date) -> list[Candidate]:
    """Return what fits, best first: of each kind the newest, as many as are looked at."""
    accounts = accounts_asked_for(asked.wish.narrow, asked.user)
    narrow_by, parts = read_narrow(asked.wish.narrow, asked.user), []
    for kind in registry.all(TextKind):
        rows = narrow(kind, narrow_by, asked.user, accounts)
        if rows is not None:
            parts.append(_part(kind, rows, asked))
    if not parts:
        return []
    first, *others = parts
    found = first.union(*others, all=True) if others else first
    rows = [(Candidate(kind, pk, 0.0), day, fit) for kind, pk, day, fit in found]
    if asked.like:
        near = [(one, day, fit) for one, day, fit in rows if fit >= LEAST_LIKE and (one.kind, one.pk) != asked.like]
        scored = [(fit, day, one) for one, day, fit in near]
    elif asked.wish.sort == "new" or not asked.query:
        scored = [(0.0, day, one) for one, day, _ in rows]
    else:
        scored = [(fit * _freshness(day, today), day, one) for one, day, fit in rows]
    scored.sort(key=lambda row: (-row[0], -(row[1].toordinal() if row[1] else 0), row[2].kind, -row[2].pk))
    return [Candidate(one.kind, one.pk, score) for score, _, one in scored]


def _part(kind: TextKind, rows: QuerySet, asked: _Asked) -> QuerySet:
    """Return (kind, number, day, how well it fits) of the newest texts of a kind that fit."""
    if asked.query:
        rows = kind.fits(rows, asked.query, asked.user)
    # Sorted by what no index has, the planner takes the one of words. It cannot know how dear it is to unpack the words
    # of thousands of rows, so it is told when not to look through the newest ones.
    by_day = day_of(kind) if asked.is_frequent else ExpressionWrapper(day_of(kind) + Value(0), DateField())
    order = [(F("pk") + 0).desc()] if asked.like else [by_day.desc(), "-pk"]
    newest = rows.order_by(*order).values("pk")[: MOST_ALIKE_LOOKED_AT if asked.like else MOST_OF_A_KIND]
    # How well they fit is worked out of those that are looked at alone, not of all that fit.
    words = words_for(asked.user, has_shared_words=kind.has_shared_words)
    fit = asked.score(words) if asked.query else None
    looked_at = rows.model._default_manager.filter(pk__in=newest).order_by()
    values = {"_kind": Value(kind.name), "_day": day_of(kind), "_fit": Cast(fit or Value(0.0), FloatField())}
    return looked_at.annotate(**values).values_list("_kind", "pk", "_day", "_fit")


def _freshness(day: date | None, today: date) -> float:
    age_days = max(0, (today - day).days) if day else 10 * _FADES_DAYS
    return 1 / (1 + 0.5 * age_days / _FADES_DAYS)


def _with_corrections(answer: Answer, read: Read) -> Answer:
    """Say which words were looked for in place of those that no text holds, as they stand in what was found."""
    if not read.meant or not answer.hits:
        return answer
    words = {word.lower(): word for hit in answer.hits for word in marked_words(f"{hit.title} {hit.snippet}")}
    said = []
    for number in read.meant:
        typed = read.terms[number].text
        if near := min(words, key=lambda word: (slips_between(typed.lower(), word, 6), word), default=""):
            said.append(Correction(typed, words[near]))
    return Answer(**{**vars(answer), "corrections": tuple(said)})
