"""The Celery application; tasks are found in each room's `tasks.py`."""

import os
from contextlib import ExitStack

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_process_init

from portal.operations.services.children import die_with_parent
from portal.shell.request_context import Origin, working_for

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _end_with_worker(**kwargs) -> None:
    die_with_parent()


_origins: dict[str, ExitStack] = {}


@task_prerun.connect
def _enter_task(task_id: str, **kwargs) -> None:
    # What a task writes is audited as its doing: door "task", under the task's id.
    stack = _origins[task_id] = ExitStack()
    stack.enter_context(working_for(Origin(door="task", request_id=task_id.replace("-", "")[:16])))


@task_postrun.connect
def _leave_task(task_id: str, **kwargs) -> None:
    if stack := _origins.pop(task_id, None):
        stack.close()
