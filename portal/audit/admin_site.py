"""The Django admin of the portal: its name, its sign-in, and an audit entry for every save of every page in it."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

# Roles and teams say who may do what; groups and allauth's own addresses would be a second, unused truth. Sessions are
# ended by their person, or with their access. Nothing here runs by the sun, or once at a clock's time.
HIDDEN = frozenset(
    {
        "auth.group",
        "account.emailaddress",
        "usersessions.usersession",
        "django_celery_beat.solarschedule",
        "django_celery_beat.clockedschedule",
    }
)


class PortalAdminSite(admin.AdminSite):
    """The admin, entered by the portal's own sign-in."""

    site_header = "Product Ops Portal · Admin"
    site_title = "Admin · Product Ops Portal"
    index_title = "What ops and admins curate"
    enable_nav_sidebar = True

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register pages; one that is not audited yet is, so pages of installed packages cannot be forgotten."""
        from portal.audit.admin import AuditedAdmin  # models are not loaded when the site is made

        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        models = [model for model in models if model._meta.label_lower not in HIDDEN]
        admin_class = admin_class or admin.ModelAdmin
        if not issubclass(admin_class, AuditedAdmin):
            # A package's own form template may hold inline scripts, which the policy refuses: Django's does without.
            own = {"change_form_template": None}
            admin_class = type(f"Audited{admin_class.__name__}", (AuditedAdmin, admin_class), own)
        super().register(models, admin_class, **options)

    def login(self, request, extra_context=None):
        """Send people to the portal's sign-in."""
        return secure_admin_login(super().login)(request, extra_context)
