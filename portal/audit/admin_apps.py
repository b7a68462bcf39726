"""The app that puts our admin site in the place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "portal.audit.admin_site.PortalAdminSite"
