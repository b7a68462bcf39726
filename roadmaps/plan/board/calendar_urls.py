"""The secret addresses that calendars read the roadmap at."""

from django.urls import re_path

from roadmaps.plan.board.views import feeds

app_name = "roadmap_calendars"
urlpatterns = [re_path(r"^(?P<token>[A-Za-z0-9_-]{20,100})\.ics$", feeds.feed, name="feed")]
