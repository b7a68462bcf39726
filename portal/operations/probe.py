"""Whether one program of the portal is well, for health checks: `python -m portal.operations.probe web|worker|beat`."""

import socket
import sys
import urllib.error
import urllib.request
from datetime import timedelta

from portal import environment

_BEAT_IS_LATE_AFTER = timedelta(minutes=2)


def is_web_well() -> bool:
    """Ask the web server on this machine whether all its parts answer."""
    host = environment.words("ALLOWED_HOSTS", ["localhost"])[0]
    url = f"http://127.0.0.1:{environment.number('PORT', 8000)}/readyz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers={"Host": host}), timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def is_worker_well() -> bool:
    """Ask this machine's worker for a sign."""
    from portal.celery import app

    name = f"celery@{socket.gethostname()}"
    return bool(app.control.ping(destination=[name], timeout=5))


def is_beat_well() -> bool:
    """See whether the sweep of the outbox was sent of late."""
    import django

    django.setup()
    from django.utils import timezone
    from django_celery_beat.models import PeriodicTask

    last = PeriodicTask.objects.get(task="operations.sweep_outbox").last_run_at
    return last is not None and timezone.now() - last < _BEAT_IS_LATE_AFTER


_PROBES = {"web": is_web_well, "worker": is_worker_well, "beat": is_beat_well}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in _PROBES:
        sys.exit(f"Name one of: {', '.join(_PROBES)}")
    sys.exit(0 if _PROBES[sys.argv[1]]() else 1)
