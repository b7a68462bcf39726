"""Addresses of alerts, incidents and days off."""

from django.urls import path

from insights.alerts.views import alerts, incidents

app_name = "alerts"
urlpatterns = [
    path("", alerts.alert_list, name="alert-list"),
    path("new/", alerts.alert_new, name="alert-new"),
    path("incidents/", incidents.incident_list, name="incident-list"),
    path("incidents/<int:pk>/", incidents.incident_page, name="incident-page"),
    path("incidents/<int:pk>/acknowledge/", incidents.incident_acknowledge, name="incident-acknowledge"),
    path("incidents/<int:pk>/snooze/", incidents.incident_snooze, name="incident-snooze"),
    path("incidents/<int:pk>/resolve/", incidents.incident_resolve, name="incident-resolve"),
    path("days-off/", incidents.day_off_list, name="day-off-list"),
    path("days-off/<int:pk>/remove/", incidents.day_off_remove, name="day-off-remove"),
    path("<int:pk>/", alerts.alert_page, name="alert-page"),
    path("<int:pk>/edit/", alerts.alert_edit, name="alert-edit"),
    path("<int:pk>/check/", alerts.alert_check, name="alert-check"),
    path("<int:pk>/pause/", alerts.alert_pause, name="alert-pause"),
    path("<int:pk>/resume/", alerts.alert_resume, name="alert-resume"),
    path("<int:pk>/archive/", alerts.alert_archive, name="alert-archive"),
    path("<int:pk>/restore/", alerts.alert_restore, name="alert-restore"),
]
