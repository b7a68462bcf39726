"""A pytest plugin for the order of the tests: what takes longest comes first in each process, what is quick comes last.

A process that has nothing left takes the last half of what another still has to do: so none is alone at the end.
"""

from itertools import groupby

import pytest

# What takes longest, longest first: files whose tests share servers and stay together, then tests that stand alone.
TOGETHER = (
    ("tests/kills/",),
    ("tests/portal/operations/test_backup.py", "tests/portal/operations/test_roles.py"),
    ("tests/portal/operations/test_supervisor.py",),
    ("tests/portal/operations/test_containers.py",),
)
ALONE = ("tests/browser/", "tests/insights/sources/test_real_data.py")


def _place(item: pytest.Item) -> tuple[int, str] | None:
    """Return an item's place among the longest, and a name for what stays together; nothing for what is quick."""
    for no, paths in enumerate(TOGETHER):
        if item.nodeid.startswith(paths):
            return no, paths[0]
    if item.nodeid.startswith(ALONE) or item.get_closest_marker("long"):
        return len(TOGETHER), item.nodeid
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Deal what takes longest to the processes in turn, and fill up each one's share with the rest."""
    n_hands = getattr(config, "workerinput", {}).get("workercount", 1)
    long, rest = [], []
    for item in items:
        (long if _place(item) else rest).append(item)
    long.sort(key=lambda item: _place(item)[0])
    hands: list[list[pytest.Item]] = [[] for _ in range(n_hands)]
    for no, (_, together) in enumerate(groupby(long, key=_place)):
        hands[no % n_hands].extend(together)
    n_left = len(items)
    for no, hand in enumerate(hands):
        n_share = n_left // (n_hands - no)  # as xdist cuts
        n_more = max(0, n_share - len(hand))
        hand.extend(rest[:n_more])
        del rest[:n_more]
        n_left -= n_share
    items[:] = [item for hand in hands for item in hand] + rest
