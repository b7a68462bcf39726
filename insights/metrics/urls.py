"""Addresses of metrics, of the versions of their definitions and of their trees."""

from django.urls import path

from insights.metrics.views import metrics, versions

app_name = "metrics"
urlpatterns = [
    path("", metrics.metric_list, name="metric-list"),
    path("<int:pk>/", metrics.metric_page, name="metric-page"),
    path("<int:pk>/uses/", metrics.metric_uses, name="metric-uses"),
    path("<int:pk>/history/", metrics.metric_history, name="metric-history"),
    path("<int:pk>/csv/", metrics.metric_csv, name="metric-csv"),
    path("versions/<int:pk>/", versions.version_page, name="version-page"),
]
