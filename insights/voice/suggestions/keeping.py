"""What was learned, as arrays in files: read into memory by page as they are needed, never as code.

A folder a learning, of plain .npy files and one of JSON; `numpy.load` refuses anything but numbers in them.
"""

import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from insights.voice.suggestions.models import Learning

if TYPE_CHECKING:
    from insights.voice.suggestions.features import TextSpace
    from insights.voice.suggestions.learning import Classifier
    from insights.voice.suggestions.likeness import Index

LAYOUT = 1  # of what is kept; raise it when that changes
_FACTS = "facts.json"
_MOST_KEPT = 8  # learnings that a process holds open
_open: dict[int, tuple[str, "Learned"]] = {}


@dataclass(frozen=True)
class Learned:
    """What was learned of a product: a classifier where there was enough, and an index of its pieces.

    `space` and `piece_space` are None where the company's own embedder made the rows.
    """

    space: "TextSpace | None"
    classifier: "Classifier | None"
    piece_space: "TextSpace | None"
    index: "Index"
    embedder: str = ""


def _root() -> Path:
    return Path(settings.VAR_DIR) / "suggestions"


def _folder(product_id: int) -> Path:
    return _root() / str(product_id)


def keep(product_id: int, learned: Learned) -> str:
    """Write what was learned; return the name of its folder, which counts once the database says so."""
    import numpy as np

    token = uuid.uuid4().hex
    made = _folder(product_id) / f".{token}"
    made.mkdir(parents=True)
    arrays: dict[str, Any] = {f"index_{name}": value for name, value in learned.index.to_arrays().items()}
    for name, space in (("space", learned.space), ("pieces", learned.piece_space)):
        arrays |= {f"{name}_{part}": value for part, value in (space.to_arrays() if space else {}).items()}
    facts: dict[str, Any] = {"layout": LAYOUT, "embedder": learned.embedder}
    if learned.classifier is not None:
        names = ("themes", "weights", "offsets", "slopes", "shifts")
        arrays |= {f"classifier_{name}": getattr(learned.classifier, name) for name in names}
        facts |= {"quality": learned.classifier.quality, "accuracy": learned.classifier.accuracy}
    for name, value in arrays.items():
        np.save(made / f"{name}.npy", value, allow_pickle=False)
    (made / _FACTS).write_text(json.dumps(facts))
    made.rename(_folder(product_id) / token)
    return token


def forget_others(product_id: int, token: str) -> None:
    """Remove what was learned before; whoever reads it still holds its pages until they are done."""
    if _folder(product_id).is_dir():
        for path in _folder(product_id).iterdir():
            if path.name != token:
                shutil.rmtree(path, ignore_errors=True)


def forget(product_id: int) -> None:
    """Remove all that was learned of a product."""
    _open.pop(product_id, None)
    shutil.rmtree(_folder(product_id), ignore_errors=True)


def find_learned(learning: Learning | None) -> Learned | None:
    """Return what was learned, held open by this process; None where there is nothing, or nothing that fits."""
    if learning is None or not learning.token:
        return None
    held = _open.get(learning.product_id)
    if held is not None and held[0] == learning.token:
        return held[1]
    found = _read(_folder(learning.product_id) / learning.token)
    if found is None or found.embedder != settings.VOICE_EMBEDDER:
        return None
    while len(_open) >= _MOST_KEPT:
        _open.pop(next(iter(_open)))
    _open[learning.product_id] = (learning.token, found)
    return found


def _read(folder: Path) -> Learned | None:
    import numpy as np

    from insights.voice.suggestions.features import TextSpace
    from insights.voice.suggestions.learning import Classifier
    from insights.voice.suggestions.likeness import Index

    try:
        facts = json.loads((folder / _FACTS).read_text())
        arrays = {
            path.stem: np.load(path, mmap_mode="r" if path.stat().st_size > 2**20 else None, allow_pickle=False)
            for path in folder.iterdir()
            if path.suffix == ".npy"
        }
    except (OSError, ValueError):  # on another machine, or of a restored database
        return None
    if facts.get("layout") != LAYOUT:
        return None

    def part(prefix: str) -> dict[str, Any]:
        return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}

    own, pieces, classifier = part("space_"), part("pieces_"), part("classifier_")
    return Learned(
        TextSpace.from_arrays(own) if own else None,
        Classifier(**classifier, **{name: facts[name] for name in ("quality", "accuracy")}) if classifier else None,
        TextSpace.from_arrays(pieces) if pieces else None,
        Index(**part("index_")),
        facts["embedder"],
    )
