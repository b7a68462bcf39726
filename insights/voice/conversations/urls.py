"""Addresses of conversations and their next steps."""

from django.urls import path

from insights.voice.conversations.views import conversations, steps, writing

app_name = "conversations"
urlpatterns = [
    path("", conversations.conversation_list, name="conversation-list"),
    path("new/", writing.conversation_new, name="conversation-new"),
    path("with/", conversations.conversations_with, name="conversations-with"),
    path("my-steps/", steps.my_steps, name="my-steps"),
    path("<int:pk>/", conversations.conversation_page, name="conversation-page"),
    path("<int:pk>/people/", conversations.conversation_people, name="conversation-people"),
    path("<int:pk>/history/", conversations.conversation_history, name="conversation-history"),
    path("<int:pk>/edit/", writing.conversation_edit, name="conversation-edit"),
    path("<int:pk>/delete/", conversations.conversation_delete, name="conversation-delete"),
    path("<int:pk>/steps/", steps.conversation_steps, name="conversation-steps"),
    path("<int:pk>/steps/new/", steps.step_new, name="step-new"),
    path("steps/<int:pk>/", steps.step_edit, name="step-edit"),
    path("steps/<int:pk>/tick/", steps.step_tick, name="step-tick"),
    path("steps/<int:pk>/delete/", steps.step_delete, name="step-delete"),
]
