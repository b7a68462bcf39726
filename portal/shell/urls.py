"""Addresses of the shell."""

from django.urls import path

from portal.shell import views

app_name = "shell"
urlpatterns = [
    path("", views.home_page, name="home"),
    path("search/", views.search_page, name="search"),
    path("search/palette/", views.palette_piece, name="palette"),
    path("keyboard/", views.keyboard_page, name="keyboard"),
]
