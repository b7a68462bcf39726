"""Surveys in the admin, for operators: to find and to look at; they are changed on their pages."""

from django.contrib import admin

from insights.voice.surveys.models import Answer, AnswerLoad, Invitation, Sending, Survey
from portal.audit.public import ReadOnlyAdmin


@admin.register(Survey)
class SurveyAdmin(ReadOnlyAdmin):
    """What is asked."""

    list_display = ["name", "kind", "product", "team", "state", "closes_on", "owner", "updated_at"]
    list_filter = ["kind", "state", "product", "language"]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["name", "question"]
    view_on_site = True


@admin.register(Sending)
class SendingAdmin(ReadOnlyAdmin):
    """Rounds of asking."""

    list_display = ["id", "survey", "kind", "way", "cohort_name", "state", "n_asked", "created_at", "finished_at"]
    list_filter = ["state", "kind", "way"]
    list_select_related = ["survey"]
    search_fields = ["survey__name", "cohort_name"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was asked; their links are not shown."""

    list_display = ["id", "survey", "person", "way", "asked_at", "reminded_at", "answered_at", "declined_at"]
    list_filter = ["way", ("answered_at", admin.EmptyFieldListFilter), ("declined_at", admin.EmptyFieldListFilter)]
    list_select_related = ["survey", "person"]
    search_fields = ["survey__name", "person__distinct_id"]


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    """What they answered."""

    list_display = ["id", "survey", "person", "account", "score", "answered_at", "via", "is_counted", "load"]
    list_filter = ["via", "is_counted", "survey__kind", "answered_at"]
    list_select_related = ["survey", "person", "account", "load"]
    search_fields = ["survey__name", "person__distinct_id", "origin_id"]


@admin.register(AnswerLoad)
class AnswerLoadAdmin(ReadOnlyAdmin):
    """Loads of answers into the event store."""

    list_display = ["id", "batch", "is_stale"]
    list_filter = ["is_stale"]
    list_select_related = ["batch"]
    search_fields = ["batch__source__name"]
