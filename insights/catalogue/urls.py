"""Addresses of the catalogue."""

from django.urls import path

from insights.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.event_list, name="event-list"),
    path("events/<int:event_id>/", views.event_page, name="event-page"),
    path("properties/", views.property_list, name="property-list"),
    path("properties/<int:property_id>/", views.property_page, name="property-page"),
]
