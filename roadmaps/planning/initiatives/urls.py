"""Addresses of initiatives."""

from django.urls import path

from roadmaps.planning.initiatives import linking_views, stage_views, views

app_name = "initiatives"
urlpatterns = [
    path("", views.initiative_list, name="initiative-list"),
    path("new/", views.initiative_new, name="initiative-new"),
    path("bulk/", views.initiative_bulk, name="initiative-bulk"),
    path("statuses/", stage_views.stage_names, name="stage-names"),
    path("statuses/<int:pk>/", stage_views.stage_name, name="stage-name"),
    path("<int:pk>/", views.initiative_page, name="initiative-page"),
    path("<int:pk>/row/", views.initiative_row, name="initiative-row"),
    path("<int:pk>/edit/", views.initiative_edit, name="initiative-edit"),
    path("<int:pk>/delete/", views.initiative_delete, name="initiative-delete"),
    path("<int:pk>/history/", views.initiative_history, name="initiative-history"),
    path("<int:pk>/panels/<slug:slug>/", views.panel, name="panel"),
    path("<int:pk>/needs/", linking_views.dependency_new, name="dependency-new"),
    path("<int:pk>/needs/offers/", linking_views.offers, name="offers"),
    path("needs/<int:pk>/delete/", linking_views.dependency_delete, name="dependency-delete"),
    path("<int:pk>/links/", linking_views.link_new, name="link-new"),
    path("links/<int:pk>/delete/", linking_views.link_delete, name="link-delete"),
]
