"""Addresses of prototypes and their tests."""

from django.urls import path

from roadmaps.planning.prototypes import trying_views, views

app_name = "prototypes"
urlpatterns = [
    path("", views.prototype_list, name="prototype-list"),
    path("new/", views.prototype_new, name="prototype-new"),
    path("tried-before/", views.tried_before, name="tried-before"),
    path("<int:pk>/", views.prototype_page, name="prototype-page"),
    path("<int:pk>/edit/", views.prototype_edit, name="prototype-edit"),
    path("<int:pk>/decide/", views.prototype_decide, name="prototype-decide"),
    path("<int:pk>/file/", views.prototype_file, name="prototype-file"),
    path("<int:pk>/file/drop/", views.file_drop, name="file-drop"),
    path("<int:pk>/delete/", views.prototype_delete, name="prototype-delete"),
    path("<int:pk>/tests/new/", trying_views.new, name="test-new"),
    path("tests/<int:pk>/edit/", trying_views.edit, name="test-edit"),
    path("tests/<int:pk>/delete/", trying_views.delete, name="test-delete"),
]
