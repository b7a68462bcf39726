"""Finding pieces that say something alike: an inverted index of rows of length 1; knows no Django."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Index:
    """Pieces by what they say: ids (pieces,), and for each column who has it with which weight; or dense rows.

    The arrays may lie on disk: a search touches only the columns of what is searched for.
    """

    ids: np.ndarray
    starts: np.ndarray | None = None
    places: np.ndarray | None = None
    values: np.ndarray | None = None
    dense: np.ndarray | None = None

    @classmethod
    def build(cls, ids: np.ndarray, rows: Any) -> "Index":
        """Return the index of rows of length 1."""
        if not sparse.issparse(rows):
            return cls(ids, dense=np.asarray(rows, dtype=np.float32))
        by_column = rows.tocsc()
        return cls(ids, by_column.indptr.astype(np.int64), by_column.indices.astype(np.int32), by_column.data)

    def search(self, row: Any, most: int) -> list[tuple[int, float]]:
        """Return the most alike (id, cosine), the nearest first."""
        scores = self._scores(row)
        if not len(scores):
            return []
        most = min(most, len(scores))
        best = np.argpartition(-scores, most - 1)[:most]
        best = best[np.lexsort((self.ids[best], -scores[best]))]
        return [(int(self.ids[place]), float(scores[place])) for place in best if scores[place] > 0]

    def _scores(self, row: Any) -> np.ndarray:
        if self.dense is not None:
            return np.asarray(self.dense @ np.asarray(row).ravel())
        scores = np.zeros(len(self.ids), dtype=np.float32)
        for column, value in zip(row.indices, row.data, strict=True):
            low, high = self.starts[column], self.starts[column + 1]
            scores[self.places[low:high]] += self.values[low:high] * value
        return scores

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return it as arrays, to be kept."""
        found = {"ids": self.ids, "starts": self.starts, "places": self.places, "values": self.values}
        return {name: value for name, value in {**found, "dense": self.dense}.items() if value is not None}
