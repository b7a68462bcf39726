"""The audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "portal.audit"
    label = "portal_audit"
    verbose_name = "Audit"
