"""The address that who is asked opens by their link."""

from django.urls import path

from roadmaps.pulses import public_views

app_name = "pulse_answers"
urlpatterns = [path("", public_views.answer, name="answer")]
