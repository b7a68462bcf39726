"""How long `django.setup()` takes in a fresh process: the start of every command, worker and web process."""

import os
import subprocess
import sys
from statistics import median

N_RUNS = 7
BUDGET_S = 1.5
_TIMED = "import time; t = time.perf_counter(); import django; django.setup(); print(time.perf_counter() - t)"


def main() -> None:
    """Print the time of each run and their median beside the budget."""
    servers = {"DATABASE_URL": "postgres://nobody@localhost/none", "REDIS_URL": "redis://localhost/0"}  # never called
    env = {"DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_MODE": "testing", **servers, **os.environ}
    took = [float(subprocess.check_output([sys.executable, "-c", _TIMED], env=env)) for _ in range(N_RUNS)]
    print("  ".join(f"{one:.2f}" for one in took), "s")
    print(f"median {median(took):.2f} s, budget {BUDGET_S} s")


if __name__ == "__main__":
    main()
