"""The secret addresses that calendars read."""

from django.urls import re_path

from insights.voice.listening.views import calendars

app_name = "calendars"
urlpatterns = [re_path(r"^(?P<token>[A-Za-z0-9_-]{20,100})\.ics$", calendars.feed, name="feed")]
