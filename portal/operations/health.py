"""Whether the parts that the portal stands on answer."""

import os

import redis
from django.conf import settings
from django.db import DatabaseError, connection


def check_parts() -> dict[str, str]:
    """Return "ok" or a short reason for each part."""
    return {"database": _database(), "broker": _broker(), "event_store": _event_store()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok"
    except DatabaseError:
        return "does not answer"


def _broker() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        client.ping()
        return "ok"
    except redis.RedisError:
        return "does not answer"
    finally:
        client.close()


def _event_store() -> str:
    folder = settings.EVENT_STORE_DIR
    while not folder.exists():  # made with the first part
        folder = folder.parent
    return "ok" if os.access(folder, os.W_OK) else "cannot be written"
