"""Addresses of cohorts."""

from django.urls import path

from insights.cohorts.views import cohorts, making

app_name = "cohorts"
urlpatterns = [
    path("", cohorts.cohort_list, name="cohort-list"),
    path("new/", making.cohort_new, name="cohort-new"),
    path("new/number/", making.cohort_from_number, name="cohort-from-number"),
    path("new/list/", making.cohort_from_list, name="cohort-from-list"),
    path("<slug:slug>/", cohorts.cohort_page, name="cohort-page"),
    path("<slug:slug>/edit/", cohorts.cohort_edit, name="cohort-edit"),
    path("<slug:slug>/members/", cohorts.cohort_members, name="cohort-members"),
    path("<slug:slug>/unknown.csv", cohorts.cohort_unknown, name="cohort-unknown"),
    path("<slug:slug>/list/", making.cohort_list_again, name="cohort-list-again"),
    path("<slug:slug>/count/", cohorts.cohort_count, name="cohort-count"),
    path("<slug:slug>/archive/", cohorts.cohort_archive, name="cohort-archive"),
    path("<slug:slug>/restore/", cohorts.cohort_restore, name="cohort-restore"),
    path("<slug:slug>/delete/", cohorts.cohort_delete, name="cohort-delete"),
]
