"""What search finds by of surveys: words of answers by the score that came with them."""

from typing import Any

from insights.voice.surveys.contracts import SCALES
from insights.voice.texts.public import TextFilter

_POSITIVE, _NEGATIVE, _BETWEEN = "positive", "negative", "between"


def _scores(kind: str) -> dict[str, list[int]]:
    scale = SCALES[kind]
    between = [score for score in scale.answers if score not in (*scale.positive, *scale.negative)]
    return {_POSITIVE: sorted(scale.positive), _NEGATIVE: sorted(scale.negative), _BETWEEN: between}


def _choices(user: Any) -> list[tuple[str, str]]:
    """Return the groups of answers that each formula knows, as “NPS 0 to 6”."""
    found = []
    for kind, scale in SCALES.items():
        for group, scores in _scores(kind).items():
            if scores:
                said = f"{scores[0]} to {scores[-1]}" if len(scores) > 1 else str(scores[0])
                found.append((f"{kind}-{group}", f"{scale.name} {said}"))
    return found


def _by_score(kind: str, rows: Any, value: str, user: Any) -> Any:
    """Keep words, and highlights in them, of answers with such a score; who answered what is for insiders."""
    path = {"feedback": "answer", "highlight": "feedback__answer"}.get(kind)
    if path is None:
        return None
    scale, _, group = value.partition("-")
    scores = _scores(scale).get(group, []) if scale in SCALES else []
    return rows.inside_of(user).filter(**{f"{path}__survey__kind": scale, f"{path}__score__in": scores})


SCORE_FILTER = TextFilter("score", "Score given", _choices, _by_score, empty_label="Any score, or none", order=30)
