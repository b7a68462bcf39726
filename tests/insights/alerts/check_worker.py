"""A process that checks one alert and is killed at a place: python check_worker.py ALERT MODULE FUNCTION NOW."""

import datetime as dt
import importlib
import os
import signal
import sys

import django

django.setup()

from insights.alerts.checking import check_alert  # noqa: E402 - Django must be set up first


def die(*args, **kwargs):
    """End this process as a killed worker ends."""
    os.kill(os.getpid(), signal.SIGKILL)


alert_id, module, function, now = sys.argv[1:]
setattr(importlib.import_module(module), function, die)
check_alert(int(alert_id), dt.datetime.fromisoformat(now))
