"""Addresses of alignment pulses."""

from django.urls import path

from roadmaps.pulses import views

app_name = "pulses"
urlpatterns = [
    path("", views.pulse_list, name="pulse-list"),
    path("new/", views.pulse_new, name="pulse-new"),
    path("<int:pk>/", views.pulse_page, name="pulse-page"),
    path("<int:pk>/edit/", views.pulse_edit, name="pulse-edit"),
    path("<int:pk>/ask/", views.pulse_ask, name="pulse-ask"),
    path("<int:pk>/functions/<int:function_pk>/drop/", views.function_drop, name="function-drop"),
    path("<int:pk>/preview/", views.pulse_preview, name="pulse-preview"),
    path("<int:pk>/open/", views.pulse_open, name="pulse-open"),
    path("<int:pk>/close/", views.pulse_close, name="pulse-close"),
    path("<int:pk>/remind/", views.pulse_remind, name="pulse-remind"),
    path("<int:pk>/delete/", views.pulse_delete, name="pulse-delete"),
]
