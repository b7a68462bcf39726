"""Addresses of persons and accounts."""

from django.urls import path

from insights.persons.views import accounts, changes, jobs, persons, stories

app_name = "persons"
urlpatterns = [
    path("persons/", persons.person_list, name="person-list"),
    path("persons/refused/", persons.refusal_list, name="refusal-list"),
    path("persons/<int:no>/", persons.person_page, name="person-page"),
    path("persons/<int:no>/twins/", persons.person_twins, name="person-twins"),
    path("persons/<int:no>/story/", stories.person_story, name="person-story"),
    path("persons/<int:no>/merge/", changes.person_merge, name="person-merge"),
    path("persons/<int:no>/export/", changes.person_export, name="person-export"),
    path("persons/<int:no>/look/", changes.person_look, name="person-look"),
    path("persons/<int:no>/erase/", changes.person_erase, name="person-erase"),
    path("persons/jobs/", jobs.job_list, name="job-list"),
    path("persons/jobs/<int:job_id>/", jobs.job_page, name="job-page"),
    path("persons/jobs/<int:job_id>/cancel/", jobs.job_cancel, name="job-cancel"),
    path("persons/joins/<int:join_id>/undo/", changes.join_undo, name="join-undo"),
    path("persons/accounts/", accounts.account_list, name="account-list"),
    path("persons/accounts/<int:no>/", accounts.account_page, name="account-page"),
    path("persons/accounts/<int:no>/weeks/", accounts.account_weeks, name="account-weeks"),
    path("persons/accounts/<int:no>/story/", stories.account_story, name="account-story"),
]
