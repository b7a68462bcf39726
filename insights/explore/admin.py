"""Insights in the admin, for operators."""

from django import forms
from django.contrib import admin

from insights.explore.actions import delete_insight, update_insight
from insights.explore.models import Insight
from portal.audit.public import ActionAdmin


class InsightAdminForm(forms.ModelForm):
    """What is said of an insight; the version that was read goes along."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Insight
        fields = ["title", "description", "chart", "tags", "visibility", "owner", "version"]


@admin.register(Insight)
class InsightAdmin(ActionAdmin):
    """Saved questions; made in Explore and asked anew there, where their question is checked."""

    form = InsightAdminForm
    list_display = ["title", "product", "kind", "chart", "owner", "visibility", "updated_at"]
    list_filter = ["product", "chart", "visibility"]
    list_select_related = ["product", "owner", "team"]
    search_fields = ["title", "description", "tags"]
    readonly_fields = ["product", "team", "question", "created_at", "updated_at"]
    fields = [*InsightAdminForm.Meta.fields, *readonly_fields]
    view_on_site = True
    change_by = staticmethod(update_insight)
    delete_by = staticmethod(delete_insight)
