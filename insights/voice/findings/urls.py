"""Addresses of findings and of their evidence."""

from django.urls import path

from insights.voice.findings import evidence_views, views

app_name = "findings"
urlpatterns = [
    path("", views.finding_list, name="finding-list"),
    path("new/", views.finding_new, name="finding-new"),
    path("mine/", views.my_findings, name="finding-mine"),
    path("<int:pk>/", views.finding_page, name="finding-page"),
    path("<int:pk>/edit/", views.finding_edit, name="finding-edit"),
    path("<int:pk>/review/", views.finding_review, name="finding-review"),
    path("<int:pk>/delete/", views.finding_delete, name="finding-delete"),
    path("<int:pk>/history/", views.finding_history, name="finding-history"),
    path("<int:pk>/evidence/", evidence_views.evidence_new, name="evidence-new"),
    path("evidence/<int:pk>/", evidence_views.evidence_edit, name="evidence-edit"),
    path("evidence/<int:pk>/delete/", evidence_views.evidence_delete, name="evidence-delete"),
    path("of/<int:pk>/", evidence_views.feedback_findings, name="feedback-findings"),
    path("of/<int:pk>/quote/", evidence_views.quote_new, name="quote-new"),
    path("of-conversation/<int:pk>/", evidence_views.conversation_findings, name="conversation-findings"),
    path("of-conversation/<int:pk>/quote/", evidence_views.conversation_quote_new, name="conversation-quote-new"),
]
