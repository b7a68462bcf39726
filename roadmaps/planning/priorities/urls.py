"""Addresses of priorities."""

from django.urls import path

from roadmaps.planning.priorities import views

app_name = "priorities"
urlpatterns = [
    path("", views.priority_list, name="priority-list"),
    path("bulk/", views.priority_bulk, name="priority-bulk"),
    path("sureness/", views.sureness, name="sureness"),
    path("chart/", views.chart, name="chart"),
    path("compare/", views.compare, name="compare"),
    path("moved/", views.moved, name="moved"),
    path("<int:pk>/<slug:slug>/", views.priority_row, name="priority-row"),
    path("<int:pk>/<slug:slug>/move/", views.move, name="move"),
]
