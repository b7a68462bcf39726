"""Addresses of themes and of links to them."""

from django.urls import path

from insights.voice.themes import linking_views, views

app_name = "themes"
urlpatterns = [
    path("", views.theme_list, name="theme-list"),
    path("new/", views.theme_new, name="theme-new"),
    path("<int:pk>/", views.theme_page, name="theme-page"),
    path("<int:pk>/edit/", views.theme_edit, name="theme-edit"),
    path("<int:pk>/merge/", views.theme_merge, name="theme-merge"),
    path("<int:pk>/unmerge/", views.theme_unmerge, name="theme-unmerge"),
    path("<int:pk>/split/", views.theme_split, name="theme-split"),
    path("<int:pk>/delete/", views.theme_delete, name="theme-delete"),
    path("of/<int:pk>/", linking_views.feedback_themes, name="feedback-themes"),
    path("of/<int:pk>/link/", linking_views.link_new, name="link-new"),
    path("of-conversation/<int:pk>/", linking_views.conversation_themes, name="conversation-themes"),
    path("of-conversation/<int:pk>/link/", linking_views.conversation_link_new, name="conversation-link-new"),
    path("links/<int:pk>/weigh/", linking_views.link_weigh, name="link-weigh"),
    path("links/<int:pk>/delete/", linking_views.link_delete, name="link-delete"),
]
