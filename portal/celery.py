"""The Celery application; tasks are found in each room's `tasks.py`."""

import os

from celery import Celery
from celery.signals import worker_process_init

from portal.operations.services.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _end_with_worker(**kwargs) -> None:
    die_with_parent()
