"""The project: wiring, and the rooms that every other room stands on."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
