"""People in the admin, for admins; saves go through the same actions as the pages."""

from django.contrib import admin

from portal.audit.public import ActionAdmin, AuditedAdmin
from portal.people import actions
from portal.people.accounts import invite
from portal.people.models import ApiToken, Membership, Product, Team, User

USER_FIELDS = ("email", "name", "role", "time_zone")


@admin.register(User)
class UserAdmin(AuditedAdmin):
    """People; nobody is deleted, access is taken away."""

    list_display = ["name", "email", "role", "is_active", "last_login", "created_at"]
    list_filter = ["role", "is_active", "teams"]
    search_fields = ["name", "email"]
    readonly_fields = ["last_login", "created_at"]

    def get_fields(self, request, obj=None):
        """Return what is asked of a new person, and what is known of one."""
        return [*USER_FIELDS, "is_active", "last_login", "created_at"] if obj else USER_FIELDS

    def save_model(self, request, obj, form, change):
        """Invite or change by the actions, which check, record and end sessions."""
        values = {name: form.cleaned_data[name] for name in USER_FIELDS}
        if not change:
            user = actions.create_user(actor=request.user, **values)
            invite(request, user)
            obj.pk = user.pk
            return
        user = User.objects.get(pk=obj.pk)
        actions.change_user(user, actor=request.user, **values)
        if form.cleaned_data["is_active"] != user.is_active:
            act = actions.activate_user if form.cleaned_data["is_active"] else actions.deactivate_user
            act(user, actor=request.user)

    def has_delete_permission(self, request, obj=None):
        """Keep people: what they made names them."""
        return False


@admin.register(Team)
class TeamAdmin(ActionAdmin):
    """Teams."""

    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    create_by = staticmethod(actions.create_team)
    change_by = staticmethod(actions.change_team)
    delete_by = staticmethod(actions.delete_team)


@admin.register(Membership)
class MembershipAdmin(ActionAdmin):
    """Who is in which team; a place is given and taken, not changed."""

    list_display = ["user", "team", "created_at"]
    list_filter = ["team"]
    list_select_related = ["user", "team"]
    search_fields = ["user__name", "user__email", "team__name"]
    create_by = staticmethod(actions.add_member)

    @staticmethod
    def delete_by(membership, *, actor):
        """Take the person out of the team."""
        actions.remove_member(membership.team, membership.user, actor=actor)


@admin.register(Product)
class ProductAdmin(ActionAdmin):
    """Products."""

    list_display = ["name", "slug", "team", "owner", "visibility", "created_at"]
    list_filter = ["visibility", "team"]
    list_select_related = ["team", "owner"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    create_by = staticmethod(actions.create_product)
    change_by = staticmethod(actions.change_product)
    delete_by = staticmethod(actions.delete_product)


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
