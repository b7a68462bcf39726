"""Addresses of persons and accounts."""

from django.urls import path

from insights.persons.views import accounts, changes, persons

app_name = "persons"
urlpatterns = [
    path("persons/", persons.person_list, name="person-list"),
    path("persons/refused/", persons.refusal_list, name="refusal-list"),
    path("persons/<int:no>/", persons.person_page, name="person-page"),
    path("persons/<int:no>/merge/", changes.person_merge, name="person-merge"),
    path("persons/<int:no>/erase/", changes.person_erase, name="person-erase"),
    path("persons/joins/<int:join_id>/undo/", changes.join_undo, name="join-undo"),
    path("persons/accounts/", accounts.account_list, name="account-list"),
    path("persons/accounts/<int:no>/", accounts.account_page, name="account-page"),
]
