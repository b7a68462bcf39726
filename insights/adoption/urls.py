"""Addresses of adoption and of features."""

from django.urls import path

from insights.adoption import views

app_name = "adoption"
urlpatterns = [
    path("adoption/", views.adoption_page, name="adoption"),
    path("features/", views.feature_list, name="feature-list"),
    path("features/new/<slug:slug>/", views.feature_new, name="feature-new"),
    path("features/<int:pk>/", views.feature_edit, name="feature-edit"),
    path("features/<int:pk>/delete/", views.feature_delete, name="feature-delete"),
]
