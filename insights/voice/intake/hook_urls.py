"""The addresses to which other systems post feedback; part of no page."""

from django.urls import path

from insights.voice.intake import doors

app_name = "intake_hooks"
urlpatterns = [path("feedback/<slug:key>/", doors.receive_feedback, name="receive")]
