"""The portal starts light: what is large is imported by who needs it, when they need it."""

import subprocess
import sys

LARGE = ("pandas", "plotly", "duckdb", "numpy", "celery.bin")
_SETUP = "import django, sys; django.setup(); print(*[name for name in sys.argv[1:] if name in sys.modules])"


def test_nothing_large_is_imported_at_the_start():
    done = subprocess.run([sys.executable, "-c", _SETUP, *LARGE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
