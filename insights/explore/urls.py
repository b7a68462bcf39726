"""Addresses of explore and of saved insights."""

from django.urls import path

from insights.explore.views import cohort_rules, explore, insights

app_name = "explore"
urlpatterns = [
    path("explore/", explore.explore_page, name="explore"),
    path("explore/picks/", explore.picks, name="picks"),
    path("explore/people/", explore.people_page, name="people"),
    path("explore/people/paths/", explore.people_paths, name="people-paths"),
    path("explore/answer.csv", explore.answer_csv, name="answer-csv"),
    path("cohort-rules/new/", cohort_rules.cohort_rule_new, name="cohort-rule-new"),
    path("cohort-rules/<slug:slug>/", cohort_rules.cohort_rule_edit, name="cohort-rule-edit"),
    path("saved/", insights.insight_list, name="insights"),
    path("saved/new/", insights.insight_new, name="insight-new"),
    path("saved/<int:pk>/", insights.insight_page, name="insight"),
    path("saved/<int:pk>/edit/", insights.insight_edit, name="insight-edit"),
    path("saved/<int:pk>/delete/", insights.insight_delete, name="insight-delete"),
    path("saved/<int:pk>/star/", insights.insight_star, name="insight-star"),
]
