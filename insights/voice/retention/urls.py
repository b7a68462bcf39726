"""Addresses of rules of retention."""

from django.urls import path

from insights.voice.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.rule_list, name="rule-list"),
    path("<int:pk>/", views.rule_page, name="rule-page"),
    path("<int:pk>/delete/", views.rule_delete, name="rule-delete"),
]
