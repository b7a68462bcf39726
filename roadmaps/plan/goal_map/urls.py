"""The address of the map."""

from django.urls import path

from roadmaps.plan.goal_map import views

app_name = "goal_map"
urlpatterns = [path("", views.map_page, name="map")]
