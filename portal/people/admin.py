"""People in the admin, for admins; saves go through the same actions as the pages."""

from django.contrib import admin

from portal.audit.public import AuditedAdmin
from portal.people import actions
from portal.people.models import ApiToken, Membership, Product, Team, User

USER_FIELDS = ("email", "name", "role", "time_zone")


@admin.register(User)
class UserAdmin(AuditedAdmin):
    """People; nobody is deleted, access is taken away."""

    list_display = ["name", "email", "role", "is_active", "last_login", "created_at"]
    list_filter = ["role", "is_active", "teams"]
    search_fields = ["name", "email"]
    fields = [*USER_FIELDS, "is_active", "last_login", "created_at"]
    readonly_fields = ["last_login", "created_at"]

    def save_model(self, request, obj, form, change):
        """Create or change by the actions, which check, record and end sessions."""
        data = form.cleaned_data
        values = {name: data[name] for name in USER_FIELDS}
        if not change:
            obj.pk = actions.create_user(actor=request.user, **values).pk
            return
        user = User.objects.get(pk=obj.pk)
        actions.change_user(user, actor=request.user, **values)
        if data["is_active"] != user.is_active:
            (actions.activate_user if data["is_active"] else actions.deactivate_user)(user, actor=request.user)

    def has_delete_permission(self, request, obj=None):
        """Keep people: what they made names them."""
        return False


@admin.register(Team)
class TeamAdmin(AuditedAdmin):
    """Teams."""

    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    """Who is in which team."""

    list_display = ["user", "team", "created_at"]
    list_filter = ["team"]
    list_select_related = ["user", "team"]
    search_fields = ["user__name", "user__email", "team__name"]
    autocomplete_fields = ["user", "team"]


@admin.register(Product)
class ProductAdmin(AuditedAdmin):
    """Products."""

    list_display = ["name", "slug", "team", "owner", "visibility", "created_at"]
    list_filter = ["visibility", "team"]
    list_select_related = ["team", "owner"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["team", "owner"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(ApiToken)
class ApiTokenAdmin(AuditedAdmin):
    """API tokens of everybody: to see which are in use, and to revoke."""

    list_display = ["name", "prefix", "user", "scope", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_filter = ["scope", "expires_at"]
    list_select_related = ["user"]
    search_fields = ["name", "prefix", "user__email"]
    actions = ["revoke"]

    @admin.action(description="Revoke the chosen tokens")
    def revoke(self, request, queryset):
        """Make the chosen tokens useless."""
        for token in queryset:
            actions.revoke_token(token, actor=request.user)

    def has_add_permission(self, request):
        """Only a person makes their own token."""
        return False

    def has_change_permission(self, request, obj=None):
        """Let the list open, nothing be edited."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Keep tokens: the trail names them."""
        return False
