"""Addresses of outcomes."""

from django.urls import path

from roadmaps.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("", views.portfolio, name="portfolio"),
    path("initiatives/<int:pk>/bets/new/", views.bet_new, name="bet-new"),
    path("bets/<int:pk>/", views.bet_page, name="bet-page"),
    path("bets/<int:pk>/edit/", views.bet_edit, name="bet-edit"),
    path("bets/<int:pk>/delete/", views.bet_delete, name="bet-delete"),
    path("bets/<int:pk>/measure/", views.bet_measure, name="bet-measure"),
    path("calibration/", views.calibration_page, name="calibration"),
    path("reviews/", views.review_list, name="review-list"),
    path("reviews/mine/", views.mine, name="mine"),
    path("reviews/<int:pk>/", views.review_page, name="review-page"),
    path("cost/", views.cost_edit, name="cost-edit"),
]
