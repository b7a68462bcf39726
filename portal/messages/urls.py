"""Addresses of the messages room."""

from django.urls import path

from portal.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.notice_list, name="notice-list"),
    path("read/", views.notice_read_all, name="notice-read-all"),
    path("<int:notice_id>/", views.notice_open, name="notice-open"),
]
