"""The signed addresses in letters to people outside."""

from django.urls import re_path

from insights.voice.closing.views import stopping

app_name = "told"
urlpatterns = [re_path(r"^(?P<token>[A-Za-z0-9_:=-]{1,200})/no-more/$", stopping.stop, name="stop")]
