"""Addresses of the pages about write keys."""

from django.urls import path

from insights.capture import views

app_name = "capture"
urlpatterns = [
    path("<slug:slug>/write-keys/", views.key_list, name="key-list"),
    path("write-keys/<int:key_id>/rotate/", views.key_rotate, name="key-rotate"),
    path("write-keys/<int:key_id>/revoke/", views.key_revoke, name="key-revoke"),
]
