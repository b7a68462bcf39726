"""The audit trail in the admin, read only; and the base of every other admin page, which writes to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import CharField, ForeignKey, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from portal.audit.actions import record, state_of
from portal.audit.models import AuditEntry
from portal.audit.queries import DOORS, history_of, kind_words, list_verbs, verb_words
from portal.shell.lists import Pages
from portal.shell.public import BadInput, Conflict


class AuditedAdmin(admin.ModelAdmin):
    """An admin page whose saves and deletions, also of its inline rows, land in the audit trail."""

    show_full_result_count = False
    list_per_page = 50
    paginator = Pages

    def changelist_view(self, request, extra_context=None):
        """Head the list with what it lists."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(self, request, object_id, extra_context=None):
        """Show the trail of one thing, through whichever door it was written."""
        thing = self.get_object(request, unquote(object_id))
        if thing is None or not self.has_view_permission(request, thing):
            raise Http404
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {thing}",
            "opts": self.opts,
            "thing": thing,
            "entries": history_of(thing),
            "list_url": f"{name}_changelist",
            "change_url": f"{name}_change",
        }
        return TemplateResponse(request, "admin/trail.html", context)

    def get_autocomplete_fields(self, request):
        """Return the links to things that this person may search in the admin: lists of thousands are no menus."""
        pages = self.admin_site._registry
        return [
            field.name
            for field in self.opts.local_fields
            if isinstance(field, ForeignKey)
            and (page := pages.get(field.related_model))
            and page.search_fields
            and page.has_view_permission(request)
        ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return a form's field; a thing that another names is changed and deleted on its own page, not in passing."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = False
        return field

    def save_model(self, request, obj, form, change):
        """Save, and record what changed."""
        before = state_of(type(obj)._default_manager.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)
        self._note(request, "changed" if change else "created", obj, before, state_of(obj))

    def save_formset(self, request, form, formset, change):
        """Save inline rows, and record each."""
        kept = {row.pk: state_of(row) for row in formset.get_queryset()} if hasattr(formset, "get_queryset") else {}
        super().save_formset(request, form, formset, change)
        for row in getattr(formset, "new_objects", []):
            self._note(request, "created", row, None, state_of(row))
        for row, _ in getattr(formset, "changed_objects", []):
            self._note(request, "changed", row, kept.get(row.pk), state_of(row))
        for row in getattr(formset, "deleted_objects", []):
            self._note(request, "deleted", row, kept.get(row.pk) or state_of(row), None)

    def delete_model(self, request, obj):
        """Delete, and record what was there."""
        self._note(request, "deleted", obj, state_of(obj), None)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        """Delete one by one, so that each is recorded."""
        for obj in queryset:
            self.delete_model(request, obj)

    def _note(self, request, verb, obj, before, after):
        record(request.user, f"{obj._meta.model_name}.{verb}", obj, before=before, after=after)


class ActionAdmin(AuditedAdmin):
    """A page that creates, changes and deletes by the actions that it names, and offers nothing else."""

    create_by: Callable[..., Any] | None = None
    change_by: Callable[..., Any] | None = None
    delete_by: Callable[..., Any] | None = None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form, again with the action's own words where it refuses."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (BadInput, Conflict) as error:
            told = [text for texts in error.fields.values() for text in texts]
            self.message_user(request, " ".join([error.message, *told]), messages.ERROR)
            return redirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        """Create or change by the pages' actions, which check and record."""
        if not change:
            obj.pk = self.create_by(actor=request.user, **form.cleaned_data).pk
        elif form.has_changed():
            self.change_by(self.model.objects.get(pk=obj.pk), actor=request.user, **form.cleaned_data)

    def delete_model(self, request, obj):
        """Delete by the action."""
        self.delete_by(obj, actor=request.user)

    def has_add_permission(self, request):
        """Offer what there is an action for."""
        return self.create_by is not None and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        """Offer what there is an action for."""
        return self.change_by is not None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Offer what there is an action for."""
        return self.delete_by is not None and super().has_delete_permission(request, obj)


class ReadOnly:
    """Rows that the portal alone writes, as an admin page or as rows inside one."""

    def has_add_permission(self, request, obj=None):
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes by hand."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody removes by hand."""
        return False


class ReadOnlyAdmin(ReadOnly, AuditedAdmin):
    """An admin page to look at."""


class VerbListFilter(admin.SimpleListFilter):
    """What was done, without reading the whole trail for its choices."""

    title = parameter_name = "verb"

    def lookups(self, request, model_admin):
        """Return the verbs that the trail holds."""
        return list_verbs()

    def queryset(self, request, queryset):
        """Keep the entries of one verb."""
        return queryset.filter(verb=self.value()) if self.value() else queryset


class DoorListFilter(admin.SimpleListFilter):
    """Through which door, of those that there are."""

    title = parameter_name = "door"

    def lookups(self, request, model_admin):
        """Return the doors."""
        return list(DOORS.items())

    def queryset(self, request, queryset):
        """Keep the entries of one door."""
        return queryset.filter(door=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The trail, for reading."""

    list_display = ["at", "actor", "what", "kind", "thing_label", "door"]
    list_filter = [DoorListFilter, VerbListFilter]
    search_fields = ["thing_label", "verb", "request_id", "thing_id"]

    def get_queryset(self, request):
        """Return entries with the names of who acted, looked up now: the trail itself keeps none."""
        users = get_user_model().objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
        named = Coalesce(Subquery(users), "actor_label", Value(""), output_field=CharField())
        return super().get_queryset(request).annotate(actor_name=named)

    @admin.display(description="what")
    def what(self, entry):
        """Return what was done, in words."""
        return verb_words(entry.verb)

    @admin.display(description="kind of thing")
    def kind(self, entry):
        """Return what kind of thing it was done to."""
        return kind_words(entry.thing_type)

    @admin.display(description="who")
    def actor(self, entry):
        """Return who acted."""
        return entry.actor_name
