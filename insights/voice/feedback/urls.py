"""Addresses of feedback."""

from django.urls import path

from insights.voice.feedback.views import adding, feedback, files

app_name = "feedback"
urlpatterns = [
    path("", feedback.feedback_list, name="feedback-list"),
    path("new/", adding.feedback_new, name="feedback-new"),
    path("paste/", adding.feedback_paste, name="feedback-paste"),
    path("said/", feedback.feedback_said, name="feedback-said"),
    path("files/<int:pk>/", files.attachment, name="attachment"),
    path("files/<int:pk>/remove/", files.attachment_remove, name="attachment-remove"),
    path("<int:pk>/files/", files.attach, name="attach"),
    path("<int:pk>/", feedback.feedback_page, name="feedback-page"),
    path("<int:pk>/history/", feedback.feedback_history, name="feedback-history"),
    path("<int:pk>/edit/", feedback.feedback_edit, name="feedback-edit"),
    path("<int:pk>/delete/", feedback.feedback_delete, name="feedback-delete"),
]
