"""A process that stores one staged batch: python load_worker.py BATCH FOLDER. Tests kill it."""

import sys
from pathlib import Path

import django

django.setup()

from insights.events.public import Batch, commit_staged  # noqa: E402 - Django must be set up first

batch = Batch.objects.get(pk=int(sys.argv[1]))
print("ready", flush=True)
commit_staged(batch, Path(sys.argv[2]))
print("done", flush=True)
