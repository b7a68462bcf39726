"""What a log line looks like: readable on one machine, JSON in production; never a query string or a value."""

import re

import structlog
from structlog.typing import EventDict, WrappedLogger

from portal.shell.request_context import current_request_id

_SHARED = re.compile(r"(/shared/)[\w-]+")


def _add_request_id(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    request_id = current_request_id()
    if request_id:
        event["request_id"] = request_id
    return event


def _hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Blot out the secret of a public link, which is part of its address."""
    if "/shared/" in str(event.get("event", "")):
        event["event"] = _SHARED.sub(r"\1…", str(event["event"]))
    return event


def build_logging(*, is_json: bool, level: str) -> dict:
    """Return the logging settings for Django, Celery and gunicorn alike."""
    shared = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        _hide_secrets,
    ]
    # Plain tracebacks: the richer kinds print the values of local variables.
    plain = structlog.dev.plain_traceback
    lines = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)
    last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()] if is_json else [lines]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder(allow=["status_code"])],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    }
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "gunicorn.error": {"propagate": True, "handlers": [], "level": "INFO"},
            "gunicorn.access": {"propagate": True, "handlers": [], "level": "INFO"},
            "celery.beat": quiet,  # else a line every ten seconds for the sweep
            "kombu": quiet,
            "amqp": quiet,
        },
    }
