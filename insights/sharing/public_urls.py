"""The secret addresses of public links."""

from django.urls import re_path

from insights.sharing.views import shared

app_name = "shared"
urlpatterns = [
    re_path(r"^(?P<token>[A-Za-z0-9_-]{1,100})/$", shared.shared_dashboard, name="dashboard"),
    re_path(r"^(?P<token>[A-Za-z0-9_-]{1,100})/embed/$", shared.shared_embed, name="embed"),
]
