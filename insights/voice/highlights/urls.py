"""Addresses of highlights."""

from django.urls import path

from insights.voice.highlights import views

app_name = "highlights"
urlpatterns = [
    path("", views.highlight_list, name="highlight-list"),
    path("new/<int:pk>/", views.highlight_new, name="highlight-new"),
    path("of-conversation/<int:pk>/", views.conversation_highlight_new, name="conversation-highlight-new"),
    path("<int:pk>/", views.highlight_edit, name="highlight-edit"),
    path("<int:pk>/delete/", views.highlight_delete, name="highlight-delete"),
]
