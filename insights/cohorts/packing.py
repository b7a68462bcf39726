"""Numbers of members as bytes: sorted, the steps between them compressed; knows no database."""

from collections.abc import Iterable
from typing import Any

Numbers = Any  # a numpy array of uint32, sorted, each number once; numpy is imported where it is used


def as_numbers(found: Iterable[int]) -> Numbers:
    """Return numbers sorted, each once, as unsigned integers of 32 bits."""
    import numpy as np

    numbers = found if isinstance(found, np.ndarray) else np.fromiter(found, np.int64)
    return np.unique(numbers).astype(np.uint32)


def pack(numbers: Numbers) -> bytes:
    """Return sorted numbers as bytes.

    >>> unpack(pack(as_numbers([7, 3, 7, 90]))).tolist()
    [3, 7, 90]
    """
    import numpy as np
    import zstandard

    steps = np.diff(numbers, prepend=np.zeros(1, np.uint32)).astype("<u4")
    return zstandard.ZstdCompressor(level=3).compress(steps.tobytes())


def unpack(packed: bytes | memoryview) -> Numbers:
    """Return the numbers that `pack` was given."""
    import numpy as np
    import zstandard

    steps = np.frombuffer(zstandard.ZstdDecompressor().decompress(bytes(packed)), "<u4")
    return np.cumsum(steps, dtype=np.uint32)
