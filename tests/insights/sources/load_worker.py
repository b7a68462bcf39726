"""A process that runs one load: python load_worker.py BATCH. Tests kill it.

It says each step before it is done, then waits for a line, so that it can be killed exactly there.
"""

import sys

import django

django.setup()

from insights.sources.loads import run_load  # noqa: E402 - Django must be set up first

_said = ""


def tell(step: str, done: int, total: int) -> None:
    """Say a step once, and wait."""
    global _said
    if step != _said:
        _said = step
        print(step, flush=True)
        sys.stdin.readline()


run_load(int(sys.argv[1]), report=tell)
print("over", flush=True)
sys.stdin.readline()
