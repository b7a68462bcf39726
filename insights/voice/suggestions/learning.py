"""Learning what pieces are about: one linear classifier a theme, with a calibrated confidence; knows no Django.

A piece may be about several themes, so each theme is learned by itself against all other pieces. Scores become
confidences by Platt's sigmoid, fitted on pieces that the classifier had not seen (three folds); the same folds say how
good the first suggestion is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import f1_score

LEAST_EXAMPLES = 12  # of a product, before anything is learned
LEAST_OF_A_THEME = 3
MOST_EXAMPLES = 20_000  # the newest; more take longer and hardly add
FOLDS = 3
PASSES = 15  # over the examples; so many are enough, and the time is bounded
_SEED = 7


@dataclass(frozen=True)
class Examples:
    """Rows with the themes that people linked them to, and rows of which people said that they are not about a theme.

    labels: one set of themes for each of the first rows; refused: {theme: places of rows that it was refused for}.
    """

    rows: Any
    labels: Sequence[frozenset[int]]
    refused: Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Classifier:
    """What was learned: per theme weights and offset of a score, slope and shift of its confidence.

    themes (n,), weights (columns, n), offsets, slopes, shifts (n,). Of the first suggestion for pieces held back:
    accuracy, the share that was right, and quality, the macro-F1, both 0 to 1.
    """

    themes: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    slopes: np.ndarray
    shifts: np.ndarray
    quality: float
    accuracy: float

    def confidences(self, rows: Any) -> np.ndarray:
        """Return how sure each theme is for each row, 0 to 1: (rows, themes)."""
        scores = np.asarray(rows @ self.weights) + self.offsets
        return _sigmoid(scores * self.slopes + self.shifts)


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))


def learn(examples: Examples) -> Classifier | None:
    """Return what was learned, or None where there is too little to learn from.

    A theme needs LEAST_OF_A_THEME pieces, and there must be two such themes.
    """
    counts: dict[int, int] = {}
    for label in examples.labels:
        for theme in label:
            counts[theme] = counts.get(theme, 0) + 1
    themes = sorted(theme for theme, count in counts.items() if count >= LEAST_OF_A_THEME)
    if len(themes) < 2 or len(examples.labels) < LEAST_EXAMPLES:
        return None
    truth = np.array([[theme in label for theme in themes] for label in examples.labels], dtype=bool)
    fold_of = _folds(truth)
    held_back = np.zeros(truth.shape, dtype=np.float32)
    for fold in range(FOLDS):
        weights, offsets = _fit_all(examples, themes, truth, fold_of != fold)
        tested = np.flatnonzero(fold_of == fold)
        held_back[tested] = np.asarray(examples.rows[tested] @ weights) + offsets
    slopes, shifts = _calibrate(held_back, truth)
    weights, offsets = _fit_all(examples, themes, truth, np.ones(len(truth), dtype=bool))
    quality, accuracy = _quality(_sigmoid(held_back * slopes + shifts), truth)
    return Classifier(np.array(themes, dtype=np.int64), weights, offsets, slopes, shifts, quality, accuracy)


def _folds(truth: np.ndarray) -> np.ndarray:
    """Return a fold for each row; the pieces of each theme are spread over all of them."""
    dice = np.random.default_rng(_SEED)
    order = dice.permutation(len(truth))
    # By the rarest theme of a row, so that a theme of three pieces has one in each fold.
    rarest = np.argmin(np.where(truth, truth.sum(axis=0), np.iinfo(np.int64).max), axis=1)
    folds = np.zeros(len(truth), dtype=np.int64)
    order = order[np.argsort(rarest[order], kind="stable")]
    folds[order] = np.arange(len(truth)) % FOLDS
    return folds


def _fit_all(
    examples: Examples, themes: Sequence[int], truth: np.ndarray, used: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (columns, themes) and offsets of each theme's classifier, fitted on the rows that are used."""
    n_columns = examples.rows.shape[1]
    weights = np.zeros((n_columns, len(themes)), dtype=np.float32)
    offsets = np.zeros(len(themes), dtype=np.float32)
    own = np.flatnonzero(used)
    for place, theme in enumerate(themes):
        refused = np.array(examples.refused.get(theme, ()), dtype=np.int64)
        refused = refused[(refused >= len(truth)) | used[np.minimum(refused, len(truth) - 1)]]
        is_theirs = np.concatenate([truth[own, place], np.zeros(len(refused), dtype=bool)])
        if is_theirs.all() or not is_theirs.any():
            offsets[place] = 10.0 if is_theirs.any() else -10.0
            continue
        rows = examples.rows[np.concatenate([own, refused])] if len(refused) else examples.rows[own]
        one = SGDClassifier(
            loss="log_loss",
            alpha=2e-5,
            class_weight="balanced",
            average=True,
            max_iter=PASSES,
            tol=None,
            random_state=_SEED,
        ).fit(rows, is_theirs)
        weights[:, place], offsets[place] = one.coef_[0], one.intercept_[0]
    return weights, offsets


def _calibrate(scores: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return slope and shift of each theme's sigmoid; never one that turns the order of scores round."""
    slopes, shifts = np.ones(truth.shape[1]), np.zeros(truth.shape[1])
    for place in range(truth.shape[1]):
        column = scores[:, [place]]
        scale = float(column.std()) or 1.0
        fitted = LogisticRegression().fit(column / scale, truth[:, place])
        slopes[place] = max(float(fitted.coef_[0, 0]), 1e-3) / scale
        shifts[place] = float(fitted.intercept_[0])
    return slopes.astype(np.float32), shifts.astype(np.float32)


def _quality(confidences: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Return macro-F1 and accuracy of the first suggestion; where a row has several themes, any of them is right."""
    first = confidences.argmax(axis=1)
    is_right = truth[np.arange(len(truth)), first]
    expected = np.where(is_right, first, truth.argmax(axis=1))
    return float(f1_score(expected, first, average="macro", zero_division=0)), float(is_right.mean())
