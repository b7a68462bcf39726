"""Addresses of operations."""

from django.urls import path

from portal.operations import views

app_name = "operations"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("demo/", views.demo_progress, name="demo-progress"),
]
