"""Texts as vectors: TF-IDF over hashed words and letters; knows no Django, and keeps no word.

Columns are numbers of hashes, and what fewer than two texts say has no column, so that nothing can be read back of
what was learned. Imported where it is used: scikit-learn takes a second to load.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

N_WORD_COLUMNS = N_LETTER_COLUMNS = 2**17
LONGEST = 2_000  # letters of a text that are looked at
LEAST_TEXTS = 2  # that say something, for it to be learned
LETTER_WEIGHT = 0.7


@cache
def _hasher(analyzer: str) -> HashingVectorizer:
    ranges = {"word": (1, 2), "char_wb": (3, 5)}
    return HashingVectorizer(
        analyzer=analyzer,
        ngram_range=ranges[analyzer],
        n_features=N_WORD_COLUMNS if analyzer == "word" else N_LETTER_COLUMNS,
        strip_accents="unicode",
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    )


def count_columns(texts: Sequence[str], analyzer: str) -> sparse.csr_matrix:
    """Return how often each text says what each column stands for."""
    return _hasher(analyzer).transform([text[:LONGEST] for text in texts]).tocsr()


@dataclass(frozen=True)
class Block:
    """The columns of one kind that are used, with how telling each is (inverse document frequency)."""

    analyzer: str
    columns: np.ndarray
    idf: np.ndarray

    @classmethod
    def fit(cls, counts: sparse.csr_matrix, analyzer: str) -> "Block":
        """Return the columns that at least LEAST_TEXTS texts have."""
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        columns = np.flatnonzero(frequency >= LEAST_TEXTS).astype(np.int32)
        idf = np.log((1 + counts.shape[0]) / (1 + frequency[columns])) + 1
        return cls(analyzer, columns, idf.astype(np.float32))

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return rows of length 1 (or 0): 1 + log of the count, times how telling the column is."""
        found = counts[:, self.columns].tocsr()
        found.data = (1 + np.log(found.data)) * self.idf[found.indices]
        return unit_rows(found)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the rows with length 1; empty rows stay empty."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    length = np.sqrt(squares, dtype=np.float32)
    length[length == 0] = 1
    matrix.data = (matrix.data / np.repeat(length, np.diff(matrix.indptr))).astype(np.float32)
    return matrix


@dataclass(frozen=True)
class TextSpace:
    """Where texts become rows: words, and with `letters` parts of words, which forgive spelling and endings."""

    words: Block
    letters: Block | None = None

    @classmethod
    def fit(cls, texts: Sequence[str], *, has_letters: bool = True) -> tuple["TextSpace", sparse.csr_matrix]:
        """Return the space of some texts, and their rows in it."""
        counts = count_columns(texts, "word")
        words = Block.fit(counts, "word")
        if not has_letters:
            return cls(words), words.weigh(counts)
        parts = count_columns(texts, "char_wb")
        letters = Block.fit(parts, "char_wb")
        rows = sparse.hstack([words.weigh(counts), letters.weigh(parts) * LETTER_WEIGHT], format="csr")
        return cls(words, letters), rows

    def rows_of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return texts as rows."""
        rows = self.words.weigh(count_columns(texts, "word"))
        if self.letters is None:
            return rows
        letters = self.letters.weigh(count_columns(texts, "char_wb")) * LETTER_WEIGHT
        return sparse.hstack([rows, letters], format="csr")

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return it as arrays, to be kept."""
        blocks = {"words": self.words, **({"letters": self.letters} if self.letters else {})}
        return {
            f"{name}_{part}": value
            for name, block in blocks.items()
            for part, value in (("columns", block.columns), ("idf", block.idf))
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> "TextSpace":
        """Return the space that was kept."""
        words = Block("word", arrays["words_columns"], arrays["words_idf"])
        if "letters_columns" not in arrays:
            return cls(words)
        return cls(words, Block("char_wb", arrays["letters_columns"], arrays["letters_idf"]))
