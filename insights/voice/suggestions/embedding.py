"""The company's own embedding in the place of TF-IDF: a function named by VOICE_EMBEDDER.

It takes a list of texts and returns one row of numbers for each, as a numpy array or lists: the same number of columns
every time, the more alike two texts, the nearer their rows (by cosine). It runs on the portal's own machines: in the
worker for all pieces of a product, in web for the one that somebody looks at.
"""

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.shell.public import Unavailable

_FIX = "Name a function that the portal can import, as company.embeddings.embed, or remove VOICE_EMBEDDER."


def check_embedder() -> None:
    """Refuse a start with an embedder that is not there; without importing it, which may take long."""
    if not settings.VOICE_EMBEDDER:
        return
    module, _, name = settings.VOICE_EMBEDDER.rpartition(".")
    try:
        found = bool(module and name.isidentifier()) and importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        found = False
    if not found:
        raise ImproperlyConfigured(f"VOICE_EMBEDDER is {settings.VOICE_EMBEDDER!r}: there is no such module. {_FIX}")


def embedder_name() -> str:
    """Return the embedder's path, or nothing where TF-IDF is used: what was learned with another is of no use."""
    return str(settings.VOICE_EMBEDDER)


def load_embedder() -> Callable[[list[str]], Any]:
    """Return the function, or say why it cannot be used."""
    module, _, name = settings.VOICE_EMBEDDER.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise Unavailable(f"VOICE_EMBEDDER {settings.VOICE_EMBEDDER} cannot be imported: {error}. {_FIX}") from error
    if not callable(found):
        raise Unavailable(f"VOICE_EMBEDDER {settings.VOICE_EMBEDDER} is no function. {_FIX}")
    return found


def embed(texts: Sequence[str], *, most: int = 256) -> Any:
    """Return texts as rows of length 1, by the company's embedder; asked for so many at once."""
    import numpy as np

    function = load_embedder()
    parts = []
    for start in range(0, len(texts), most):
        asked = list(texts[start : start + most])
        rows = np.asarray(function(asked), dtype=np.float32)
        if rows.ndim != 2 or len(rows) != len(asked) or not np.isfinite(rows).all():
            raise Unavailable(
                f"VOICE_EMBEDDER {settings.VOICE_EMBEDDER} returned {rows.shape} for {len(asked)} texts. "
                "It has to return one row of finite numbers for each text."
            )
        parts.append(rows)
    found = np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    length[length == 0] = 1
    return found / length
