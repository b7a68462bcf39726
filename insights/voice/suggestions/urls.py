"""Addresses of new themes that are suggested."""

from django.urls import path

from insights.voice.suggestions import views

app_name = "suggestions"
urlpatterns = [
    path("", views.proposal_list, name="proposal-list"),
    path("<int:pk>/accept/", views.proposal_accept, name="proposal-accept"),
    path("<int:pk>/reject/", views.proposal_reject, name="proposal-reject"),
    path("<int:pk>/reopen/", views.proposal_reopen, name="proposal-reopen"),
    path("learn/<slug:slug>/", views.learn_now, name="learn-now"),
]
