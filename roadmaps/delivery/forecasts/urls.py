"""Addresses of forecasts."""

from django.urls import path

from roadmaps.delivery.forecasts import views

app_name = "forecasts"
urlpatterns = [
    path("", views.forecast_list, name="forecast-list"),
    path("now/", views.forecast_now, name="forecast-now"),
    path("ask/", views.ask, name="ask"),
    path("coverage/", views.coverage, name="coverage"),
    path("initiatives/<int:pk>/", views.initiative_forecast, name="initiative"),
    path("releases/<int:pk>/", views.release_forecast, name="release"),
]
