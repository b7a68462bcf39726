"""Addresses of opportunities."""

from django.urls import path

from roadmaps.planning.opportunities import evidence_views, quoting_views, views

app_name = "opportunities"
urlpatterns = [
    path("", views.opportunity_list, name="opportunity-list"),
    path("new/", views.opportunity_new, name="opportunity-new"),
    path("bulk/", views.opportunity_bulk, name="opportunity-bulk"),
    path("of/<slug:of>/<int:pk>/", quoting_views.of_piece, name="of-piece"),
    path("of/<slug:of>/<int:pk>/quote/", quoting_views.quote_new, name="quote-new"),
    path("<int:pk>/", views.opportunity_page, name="opportunity-page"),
    path("<int:pk>/row/", views.opportunity_row, name="opportunity-row"),
    path("<int:pk>/edit/", views.opportunity_edit, name="opportunity-edit"),
    path("<int:pk>/delete/", views.opportunity_delete, name="opportunity-delete"),
    path("<int:pk>/demand/", views.opportunity_demand, name="opportunity-demand"),
    path("<int:pk>/similar/", views.opportunity_similar, name="opportunity-similar"),
    path("<int:pk>/history/", views.opportunity_history, name="opportunity-history"),
    path("<int:pk>/decisions/", views.decision_new, name="decision-new"),
    path("<int:pk>/panels/<slug:slug>/", views.panel, name="panel"),
    path("<int:pk>/evidence/", evidence_views.evidence_list, name="evidence-list"),
    path("<int:pk>/evidence/new/", evidence_views.evidence_new, name="evidence-new"),
    path("evidence/<int:pk>/edit/", evidence_views.evidence_edit, name="evidence-edit"),
    path("evidence/<int:pk>/delete/", evidence_views.evidence_delete, name="evidence-delete"),
]
