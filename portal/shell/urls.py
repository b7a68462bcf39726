"""Addresses of the shell."""

from django.urls import path

from portal.shell import views

app_name = "shell"
urlpatterns = [
    path("", views.home_page, name="home"),
]
