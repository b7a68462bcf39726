"""Addresses of the sources room."""

app_name = "sources"
urlpatterns: list = []
