"""Addresses where persons, accounts and consents are written down."""

from django.urls import path

from insights.contacts import ending_views, views

app_name = "contacts"
urlpatterns = [
    path("contacts/new/", views.contact_new, name="contact-new"),
    path("contacts/accounts/new/", views.record_new, name="record-new"),
    path("contacts/traits/<slug:slug>/", views.trait_names, name="trait-names"),
    path("persons/<int:no>/contact/", views.contact_edit, name="contact-edit"),
    path("persons/<int:no>/consents/new/", views.consent_new, name="consent-new"),
    path("persons/accounts/<int:no>/record/", views.record_edit, name="record-edit"),
    path("contacts/<int:pk>/delete/", views.contact_delete, name="contact-delete"),
    path("contacts/accounts/<int:pk>/delete/", views.record_delete, name="record-delete"),
    path("contacts/consents/", ending_views.consent_ending, name="consent-ending"),
    path("contacts/consents/home/", ending_views.consent_home, name="consent-home"),
    path("contacts/consents/<int:pk>/withdraw/", views.consent_withdraw, name="consent-withdraw"),
    path("persons/<int:no>/asks/", views.ask_list, name="ask-list"),
    path("persons/<int:no>/asks/new/", views.ask_new, name="ask-new"),
    path("persons/<int:no>/opt-out/", views.opt_out_new, name="opt-out-new"),
    path("contacts/asks/<int:pk>/take-back/", views.ask_release, name="ask-release"),
    path("contacts/opt-outs/<int:pk>/take-back/", views.opt_out_delete, name="opt-out-delete"),
    path("contacts/<int:pk>/history/", views.contact_history, name="contact-history"),
    path("contacts/accounts/<int:pk>/history/", views.record_history, name="record-history"),
]
