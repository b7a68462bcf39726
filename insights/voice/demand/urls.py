"""Addresses of say and do, by theme."""

from django.urls import path

from insights.voice.demand import views

app_name = "demand"
urlpatterns = [
    path("<int:pk>/doing/", views.say_and_do, name="say-and-do"),
    path("<int:pk>/loudest/", views.loudest, name="loudest"),
    path("<int:pk>/weighted/", views.weighted, name="weighted"),
    path("<int:pk>/area/", views.area_edit, name="area-edit"),
    path("areas/<int:pk>/clear/", views.area_clear, name="area-clear"),
]
