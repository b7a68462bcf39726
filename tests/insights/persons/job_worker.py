"""A process that carries out one job about persons: python job_worker.py JOB. Tests kill it.

It says each step before it is done, then waits for a line, so that it can be killed exactly there.
"""

import sys

import django

django.setup()

from insights.persons.jobs import run_job  # noqa: E402 - Django must be set up first


def tell(step: str, done: int, total: int) -> None:
    print(step, done, total, flush=True)
    sys.stdin.readline()


run_job(int(sys.argv[1]), report=tell)
print("over", flush=True)
sys.stdin.readline()
