"""Addresses of search."""

from django.urls import path

from insights.voice.search import views

app_name = "search"
urlpatterns = [
    path("", views.find_page, name="find"),
    path("filters/", views.filter_page, name="filters"),
    path("alike/", views.alike_piece, name="alike"),
    path("saved/", views.saved_list, name="saved-list"),
    path("saved/new/", views.saved_new, name="saved-new"),
    path("saved/<int:pk>/edit/", views.saved_edit, name="saved-edit"),
    path("saved/<int:pk>/delete/", views.saved_delete, name="saved-delete"),
]
