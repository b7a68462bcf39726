"""Addresses of inlets."""

from django.urls import path

from insights.voice.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.inlet_list, name="inlet-list"),
    path("<int:pk>/exchange/", views.inlet_exchange, name="inlet-exchange"),
    path("<int:pk>/close/", views.inlet_close, name="inlet-close"),
]
