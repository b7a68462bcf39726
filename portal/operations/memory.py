"""What stays in memory for good, put out of the garbage collector's sight."""

import atexit
import gc

from django.urls import get_resolver


def settle_memory() -> None:
    """Read all addresses, then keep what is loaded out of later collections of garbage.

    A full one looks at each of some 200,000 objects of the code: 150 ms and more, in which a request waits.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # so that libraries can tell at the end what they leaked, which is nothing
