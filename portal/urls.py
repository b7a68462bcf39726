"""Every room's addresses; wiring only."""

from django.contrib import admin
from django.urls import include, path

from portal.shell.api_views import ApiRoot, ApiSchema, api_docs, api_docs_resource

API = [
    path("", ApiRoot.as_view(), name="root"),
    path("schema/", ApiSchema.as_view(), name="schema"),
    path("docs/", api_docs, name="docs"),
    path("docs/<str:name>/", api_docs_resource, name="docs-resource"),
    path("", include("portal.people.api")),
    path("", include("portal.audit.api")),
    path("", include("portal.refresh.api")),
    path("", include("portal.messages.api")),
    path("", include("insights.questions.api")),
    path("", include("insights.cohorts.api")),
    path("", include("insights.sources.api")),
    path("", include("insights.explore.api")),
    path("", include("insights.adoption.api")),
    path("", include("insights.catalogue.api")),
    path("", include("insights.contacts.api")),
    path("", include("insights.persons.api")),
    path("", include("insights.capture.api")),
    path("", include("insights.imports.api")),
    path("", include("insights.metrics.api")),
    path("", include("insights.dashboards.api")),
    path("", include("insights.sharing.api")),
    path("", include("insights.alerts.api")),
    path("", include("insights.voice.feedback.api")),
    path("", include("insights.voice.conversations.api")),
    path("", include("insights.voice.highlights.api")),
    path("", include("insights.voice.themes.api")),
    path("", include("insights.voice.intake.api")),
    path("", include("insights.voice.suggestions.api")),
    path("", include("insights.voice.triage.api")),
]

urlpatterns = [
    path("", include("portal.shell.urls")),
    path("", include("portal.operations.urls")),
    path("", include("portal.people.urls")),
    path("audit/", include("portal.audit.urls")),
    path("", include("portal.messages.urls")),
    path("accounts/", include("portal.people.account_urls")),
    path("refreshes/", include("portal.refresh.urls")),
    path("insights/", include("insights.explore.urls")),
    path("insights/cohorts/", include("insights.cohorts.urls")),
    path("insights/", include("insights.adoption.urls")),
    path("data/", include("insights.sources.urls")),
    path("imports/", include("insights.imports.urls")),
    path("api/v1/", include((API, "api"))),
    path("", include("insights.capture.public_urls")),
    path("insights/sources/", include("insights.capture.urls")),
    path("insights/catalogue/", include("insights.catalogue.urls")),
    path("insights/", include("insights.contacts.urls")),
    path("insights/", include("insights.persons.urls")),
    path("metrics/", include("insights.metrics.urls")),
    path("dashboards/", include("insights.dashboards.urls")),
    path("sharing/", include("insights.sharing.urls")),
    path("shared/", include("insights.sharing.public_urls")),
    path("alerts/", include("insights.alerts.urls")),
    path("voice/feedback/", include("insights.voice.feedback.urls")),
    path("voice/conversations/", include("insights.voice.conversations.urls")),
    path("voice/highlights/", include("insights.voice.highlights.urls")),
    path("voice/themes/", include("insights.voice.themes.urls")),
    path("voice/inlets/", include("insights.voice.intake.urls")),
    path("hooks/", include("insights.voice.intake.hook_urls")),
    path("voice/suggestions/", include("insights.voice.suggestions.urls")),
    path("voice/triage/", include("insights.voice.triage.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.shell.views.bad_request"
handler403 = "portal.shell.views.permission_denied"
handler404 = "portal.shell.views.page_not_found"
handler500 = "portal.shell.views.server_error"
