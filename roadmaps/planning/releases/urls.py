"""Addresses of releases."""

from django.urls import path

from roadmaps.planning.releases import views

app_name = "releases"
urlpatterns = [
    path("", views.release_list, name="release-list"),
    path("new/", views.release_new, name="release-new"),
    path("<int:pk>/", views.release_page, name="release-page"),
    path("<int:pk>/edit/", views.release_edit, name="release-edit"),
    path("<int:pk>/add/", views.release_add, name="release-add"),
    path("<int:pk>/remove/<int:initiative_id>/", views.release_remove, name="release-remove"),
    path("<int:pk>/out/", views.release_out, name="release-out"),
    path("<int:pk>/cancel/", views.release_cancel, name="release-cancel"),
    path("<int:pk>/take-back/", views.release_take_back, name="release-take-back"),
    path("<int:pk>/reopen/", views.release_reopen, name="release-reopen"),
    path("<int:pk>/delete/", views.release_delete, name="release-delete"),
]
