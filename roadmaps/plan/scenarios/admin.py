"""Scenarios in the admin, to look at."""

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from roadmaps.plan.scenarios.models import Scenario, ScenarioItem, ScenarioStretch


@admin.register(Scenario)
class ScenarioAdmin(ReadOnlyAdmin):
    """Scenarios, to look at; they are made and committed on their pages."""

    list_display = ["name", "team", "product", "owner", "sharing", "state", "closed_by", "closed_at"]
    list_filter = ["state", "sharing", "team"]
    list_select_related = ["team", "product", "owner", "closed_by"]
    search_fields = ["name", "note"]


@admin.register(ScenarioStretch)
class ScenarioStretchAdmin(ReadOnlyAdmin):
    """The capacity of scenarios, to look at."""

    list_display = ["scenario", "name", "starts_on", "ends_on", "months_today", "months"]
    list_select_related = ["scenario"]
    search_fields = ["scenario__name", "name"]


@admin.register(ScenarioItem)
class ScenarioItemAdmin(ReadOnlyAdmin):
    """What scenarios make of initiatives, to look at."""

    list_display = ["scenario", "title", "is_in", "horizon", "stage", "effort_months", "position"]
    list_filter = ["is_in", "horizon", "stage"]
    list_select_related = ["scenario"]
    search_fields = ["scenario__name", "title"]
