"""Addresses of metrics, of the versions of their definitions and of their trees."""

from django.urls import path

from insights.metrics.views import forms, metrics, trees, versions

app_name = "metrics"
urlpatterns = [
    path("", metrics.metric_list, name="metric-list"),
    path("new/", forms.metric_new, name="metric-new"),
    path("<int:pk>/", metrics.metric_page, name="metric-page"),
    path("<int:pk>/uses/", metrics.metric_uses, name="metric-uses"),
    path("<int:pk>/history/", metrics.metric_history, name="metric-history"),
    path("<int:pk>/csv/", metrics.metric_csv, name="metric-csv"),
    path("<int:pk>/tree/", trees.metric_tree, name="metric-tree"),
    path("<int:pk>/parts/", trees.metric_parts, name="metric-parts"),
    path("<int:pk>/edit/", forms.metric_edit, name="metric-edit"),
    path("<int:pk>/star/", forms.metric_star, name="metric-star"),
    path("<int:pk>/certify/", forms.metric_certify, name="metric-certify"),
    path("<int:pk>/archive/", forms.metric_archive, name="metric-archive"),
    path("<int:pk>/refresh/", forms.metric_refresh, name="metric-refresh"),
    path("<int:pk>/propose/", versions.proposal_new, name="proposal-new"),
    path("versions/<int:pk>/decide/", versions.version_decide, name="version-decide"),
    path("versions/<int:pk>/", versions.version_page, name="version-page"),
]
