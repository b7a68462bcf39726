"""Addresses of the refresh pages."""

from django.urls import path

from portal.refresh import views

app_name = "refreshes"
urlpatterns = [
    path("", views.refresh_list, name="refresh-list"),
    path("start/", views.refresh_start, name="refresh-start"),
    path("<int:refresh_id>/", views.refresh_page, name="refresh-page"),
    path("<int:refresh_id>/retry/", views.refresh_retry, name="refresh-retry"),
]
