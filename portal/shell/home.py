"""Home's own panel: what to do first in a fresh portal."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.shell.registry import FirstStep, registry


def list_first_steps(request: HttpRequest) -> dict[str, Any] | None:
    """Return the steps that this person may take, done ones marked; nothing once all are done."""
    steps = [
        {"step": step, "url": reverse(step.url_name), "is_done": step.is_done(request.user)}
        for step in registry.all(FirstStep)
        if step.can_see(request.user)
    ]
    if all(step["is_done"] for step in steps):
        return None
    return {"steps": steps, "next": next(step for step in steps if not step["is_done"])}
