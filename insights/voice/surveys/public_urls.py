"""Addresses that people outside open by their link."""

from django.urls import path

from insights.voice.surveys.views import answering

app_name = "answering"
urlpatterns = [
    path("<str:token>/", answering.answer, name="answer"),
    path("<str:token>/no-more/", answering.stop, name="stop"),
]
