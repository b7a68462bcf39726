"""The portal starts light: what is large is imported by who needs it, when they need it; and its tasks can be sent."""

import subprocess
import sys

from portal.celery import app

LARGE = ("pandas", "plotly", "duckdb", "numpy", "celery.bin")
_SETUP = "import django, sys; django.setup(); print(*[name for name in sys.argv[1:] if name in sys.modules])"


def test_nothing_large_is_imported_at_the_start():
    done = subprocess.run([sys.executable, "-c", _SETUP, *LARGE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_every_task_can_be_sent():
    # Celery refuses to send a task whose soft limit lies above its hard one: with one limit of its own, it needs both.
    app.loader.import_default_modules()
    faults = {
        task.name: (task.soft_time_limit, task.time_limit)
        for task in app.tasks.values()
        if task.soft_time_limit and task.time_limit and task.soft_time_limit > task.time_limit
    }
    assert not faults
