"""The secret addresses of links to the roadmap; logs blot out what stands behind `shared/`."""

from django.urls import re_path

from roadmaps.plan.sharing.views import opened

app_name = "shared_roadmap"
urlpatterns = [
    re_path(r"^(?P<token>[A-Za-z0-9_-]{1,100})/roadmap/$", opened.shown_page, name="page"),
    re_path(r"^(?P<token>[A-Za-z0-9_-]{1,100})/roadmap\.json$", opened.shown_json, name="json"),
]
