"""Contacts, records of accounts, consents and names of traits in the admin, for operators."""

from django.contrib import admin

from insights.contacts.actions import delete_contact, delete_record
from insights.contacts.models import AccountRecord, Ask, Consent, Contact, OptOut, TraitName
from portal.audit.public import AuditedAdmin, ReadOnlyAdmin


class _WrittenAdmin(AuditedAdmin):
    """What is written down is changed on the pages, where it is checked; here it is found and taken away."""

    def has_add_permission(self, request) -> bool:
        """It is written down on its pages."""
        return False


@admin.register(Contact)
class ContactAdmin(_WrittenAdmin):
    """What is written down of persons."""

    list_display = ["id", "name", "address", "account", "owner", "status", "next_step_on", "updated_at"]
    list_filter = ["person__id_space", "status", "next_step_on"]
    list_select_related = ["account", "owner"]
    search_fields = ["name", "address", "title", "person__distinct_id"]
    fields = ["person", "name", "address", "title", "account", "owner", "status", "next_step", "next_step_on"]
    fields += ["version", "created_by", "created_at", "updated_at"]
    readonly_fields = fields
    view_on_site = True

    def delete_model(self, request, obj) -> None:
        """Delete by the action."""
        delete_contact(obj, actor=request.user)


@admin.register(AccountRecord)
class AccountRecordAdmin(_WrittenAdmin):
    """What is written down of accounts."""

    list_display = ["account", "name", "owner", "plan", "segment", "status", "revenue", "updated_at"]
    list_filter = ["account__id_space", "status", "segment", "plan"]
    list_select_related = ["account", "owner"]
    search_fields = ["name", "account__account_id"]
    fields = ["account", "name", "owner", "plan", "segment", "status", "revenue", "version", "created_by"]
    fields += ["created_at", "updated_at"]
    readonly_fields = fields
    view_on_site = True

    def delete_model(self, request, obj) -> None:
        """Delete by the action."""
        delete_record(obj, actor=request.user)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Consents, to look at: they are never changed."""

    list_display = ["id", "person", "purpose", "given_on", "expires_on", "withdrawn_at", "created_by"]
    list_filter = ["purpose", "expires_on", ("withdrawn_at", admin.EmptyFieldListFilter), "person__id_space"]
    list_select_related = ["person", "created_by"]
    search_fields = ["person__distinct_id", "proof"]


@admin.register(Ask)
class AskAdmin(ReadOnlyAdmin):
    """Asks, to look at: they are claimed and taken back where the limit is obeyed."""

    list_display = ["id", "person", "kind", "about", "asked_at", "asked_by"]
    list_filter = ["kind", "asked_at", "person__id_space"]
    list_select_related = ["person", "asked_by"]
    search_fields = ["person__distinct_id", "about"]


@admin.register(OptOut)
class OptOutAdmin(ReadOnlyAdmin):
    """Opt-outs, to look at; they are taken back on the page of the person."""

    list_display = ["id", "person", "kind", "is_own", "created_by", "created_at"]
    list_filter = ["kind", "is_own", "person__id_space"]
    list_select_related = ["person", "created_by"]
    search_fields = ["person__distinct_id"]


@admin.register(TraitName)
class TraitNameAdmin(AuditedAdmin):
    """Which trait of accounts is what."""

    list_display = ["id_space", "meaning", "key", "unit"]
    list_filter = ["meaning", "id_space"]
    list_select_related = ["id_space"]
    search_fields = ["key"]
    readonly_fields = ["version"]
