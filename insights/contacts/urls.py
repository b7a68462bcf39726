"""Addresses where persons, accounts and consents are written down."""

from django.urls import path

from insights.contacts import views

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
    path("contacts/consents/<int:pk>/withdraw/", views.consent_withdraw, name="consent-withdraw"),
    path("contacts/<int:pk>/history/", views.contact_history, name="contact-history"),
    path("contacts/accounts/<int:pk>/history/", views.record_history, name="record-history"),
]
