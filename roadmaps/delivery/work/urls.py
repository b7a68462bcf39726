"""Addresses of delivery: flow, items, trackers."""

from django.urls import path

from roadmaps.delivery.work import tracker_views, views

app_name = "work"
urlpatterns = [
    path("", views.flow, name="flow"),
    path("items/", views.item_list, name="item-list"),
    path("items/<int:pk>/", views.item_page, name="item-page"),
    path("items/<int:pk>/place/", views.item_place, name="item-place"),
    path("trackers/", tracker_views.tracker_list, name="tracker-list"),
    path("trackers/new/", tracker_views.tracker_new, name="tracker-new"),
    path("trackers/failing/", tracker_views.tracker_failing, name="tracker-failing"),
    path("trackers/<int:pk>/", tracker_views.tracker_page, name="tracker-page"),
    path("trackers/<int:pk>/edit/", tracker_views.tracker_edit, name="tracker-edit"),
    path("trackers/<int:pk>/delete/", tracker_views.tracker_delete, name="tracker-delete"),
    path("trackers/<int:pk>/statuses/", tracker_views.tracker_statuses, name="tracker-statuses"),
    path("trackers/<int:pk>/rules/new/", tracker_views.rule_new, name="rule-new"),
    path("rules/<int:pk>/remove/", tracker_views.rule_remove, name="rule-remove"),
    path("trackers/<int:pk>/connection/", tracker_views.connection_edit, name="connection-edit"),
    path("trackers/<int:pk>/connection/act/", tracker_views.connection_act, name="connection-act"),
]
