"""The capture room."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "insights.capture"
    label = "insights_capture"
    verbose_name = "Capture"
