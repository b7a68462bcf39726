"""Groups of pieces that say something alike, named by their distinctive words; knows no Django.

Rows are brought to 64 numbers (truncated SVD), gathered to at most 1,500 points (k-means), and points are joined while
they are near (average linkage on cosine): so time and memory are bounded, however many pieces there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.cluster import AgglomerativeClustering, MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfVectorizer

from insights.voice.suggestions.features import LONGEST
from insights.voice.suggestions.naming import stems_of

LEAST_PIECES = 3
MOST_GROUPS = 12
MOST_POINTS = 1_500
N_DIMENSIONS = 64
FARTHEST = 0.76  # cosine distance up to which points are one group
LEAST_CLOSENESS = 0.3  # cosine of a piece to the middle of its group
_SEED = 7
_COMMON = """
    der die das und ist nicht ich wir ein eine einen mit auf für von den dem des sich es zu im les des est pas une pour
    que qui nous vous dans sur avec les los las una por para con del este esta het een van voor don didn doesn isn wasn
    couldn wouldn please just really like want need use using used also even make
"""
# Small words of the languages that are most often written beside English; what sets a group apart is none of them.
_SMALL = """
    les des une est pas que qui dans pour sur avec sont tout tous toutes nos vos ses mes mais plus nous vous ils elle
    ont cette comme aussi sans par fait leur quand der die das und ist nicht ein eine einen mit den dem auf für sich
    auch von aber wir sie ich wenn oder noch nur zum zur sind los las una con por para del como pero más muy está son
    het een van niet maar voor che non per gli sono uma não
"""
_STOP = ENGLISH_STOP_WORDS | frozenset(f"{_COMMON} {_SMALL}".split())


@dataclass(frozen=True)
class Group:
    """Pieces that say something alike: their places, the nearest to the middle first, and what sets them apart."""

    places: tuple[int, ...]
    words: tuple[str, ...]
    closeness: float


def find_groups(texts: Sequence[str], others: Sequence[str] = (), rows: Any = None) -> list[Group]:
    """Return the groups of some pieces, large and close ones first.

    others: pieces from which the names of groups shall set them apart. rows: the company's own vectors of the pieces,
    dense and of length 1; without, TF-IDF of their telling words.
    """
    if len(texts) < LEAST_PIECES:
        return []
    points = _condense(_weigh(texts) if rows is None else rows)
    found = []
    for places in _gather(points):
        middle = points[places].mean(axis=0)
        middle /= np.linalg.norm(middle) or 1
        near = points[places] @ middle
        order = np.argsort(-near, kind="stable")
        kept = [int(places[at]) for at in order if near[at] >= LEAST_CLOSENESS]
        if len(kept) >= LEAST_PIECES:
            found.append((kept, float(np.mean(near[near >= LEAST_CLOSENESS]))))
    found.sort(key=lambda one: (-len(one[0]) * one[1], one[0]))
    words = name_groups([*texts, *others], [places for places, _ in found[: 2 * MOST_GROUPS]])
    named = [Group(tuple(places), own, close) for (places, close), own in zip(found, words, strict=False) if own]
    return named[:MOST_GROUPS]


def _words_of(text: str) -> list[str]:
    return [stem for stem, word in stems_of(text[:LONGEST]).items() if word not in _STOP]


def _weigh(texts: Sequence[str]) -> Any:
    """Return the texts as rows of their words without endings and small words; what one alone says does not count."""
    try:
        return TfidfVectorizer(analyzer=_words_of, min_df=2, sublinear_tf=True, dtype=np.float32).fit_transform(texts)
    except ValueError:  # no word is said twice
        return np.zeros((len(texts), 1), dtype=np.float32)


def _condense(rows: Any) -> np.ndarray:
    if sparse.issparse(rows):
        n_dimensions = min(N_DIMENSIONS, rows.shape[0] - 1, rows.shape[1] - 1)
        if n_dimensions < 2:
            return np.asarray(rows.toarray(), dtype=np.float32)
        rows = TruncatedSVD(n_dimensions, n_iter=4, random_state=_SEED).fit_transform(rows)
    points = np.asarray(rows, dtype=np.float32)
    length = np.linalg.norm(points, axis=1, keepdims=True)
    length[length == 0] = 1
    return points / length


def _gather(points: np.ndarray) -> list[np.ndarray]:
    """Return the places of each group's points."""
    nearest = np.arange(len(points))
    middles = points
    if len(points) > MOST_POINTS:
        gathered = MiniBatchKMeans(MOST_POINTS, batch_size=4096, n_init=1, max_iter=20, random_state=_SEED).fit(points)
        nearest, middles = gathered.labels_, gathered.cluster_centers_
    is_there = np.linalg.norm(middles, axis=1) > 1e-6
    if is_there.sum() < 2:
        return []
    joined = np.full(len(middles), -1)
    linkage = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=FARTHEST)
    joined[is_there] = linkage.fit_predict(middles[is_there])
    label = joined[nearest]
    return [np.flatnonzero(label == one) for one in range(label.max() + 1)]


def name_groups(texts: Sequence[str], groups: Sequence[Sequence[int]], most: int = 3) -> list[tuple[str, ...]]:
    """Return the words that set each group apart: said by many of it and by few others, the most telling first."""
    if not groups:
        return []
    try:
        counted = CountVectorizer(
            binary=True, ngram_range=(1, 2), min_df=2, token_pattern=r"(?u)\b[^\W\d_]{3,}\b", stop_words=list(_STOP)
        )
        said = counted.fit_transform([text[:LONGEST] for text in texts]).tocsr()
    except ValueError:  # no word is said twice
        return [()] * len(groups)
    vocabulary = counted.get_feature_names_out()
    overall = np.asarray(said.mean(axis=0)).ravel()
    found = []
    for places in groups:
        share = np.asarray(said[list(places)].mean(axis=0)).ravel()
        telling = np.where(share * len(places) >= 2, share * np.log(share.clip(1e-9) / overall), 0)
        order = np.lexsort((vocabulary, -telling))
        chosen: list[str] = []
        for at in order[:20]:
            word = str(vocabulary[at])
            if telling[at] <= 0 or len(chosen) == most:
                break
            if not any(_is_same(word, other) for other in chosen):
                chosen.append(word)
        found.append(tuple(chosen))
    return found


def _is_same(word: str, other: str) -> bool:
    """Say whether one holds a word of the other, whatever its ending."""
    stems = [{part[: max(4, len(part) - 2)] for part in one.split()} for one in (word, other)]
    return bool(stems[0] & stems[1])
