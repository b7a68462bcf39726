"""Addresses of surveys."""

from django.urls import path

from insights.voice.surveys.views import preview, sending, surveys

app_name = "surveys"
urlpatterns = [
    path("", surveys.survey_list, name="survey-list"),
    path("new/", surveys.survey_new, name="survey-new"),
    path("<int:pk>/", surveys.survey_page, name="survey-page"),
    path("<int:pk>/edit/", surveys.survey_edit, name="survey-edit"),
    path("<int:pk>/preview/", preview.survey_preview, name="survey-preview"),
    path("<int:pk>/open/", surveys.survey_open, name="survey-open"),
    path("<int:pk>/close/", surveys.survey_close, name="survey-close"),
    path("<int:pk>/delete/", surveys.survey_delete, name="survey-delete"),
    path("<int:pk>/metric/", surveys.survey_metric, name="survey-metric"),
    path("<int:pk>/ask/", sending.survey_ask, name="survey-ask"),
    path("<int:pk>/remind/", sending.survey_remind, name="survey-remind"),
    path("<int:pk>/links/", sending.survey_links, name="survey-links"),
    path("<int:pk>/answers/", sending.answer_list_page, name="answer-list"),
    path("answers/<int:pk>/delete/", sending.answer_delete, name="answer-delete"),
]
