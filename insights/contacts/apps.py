"""The contacts room: with whom the company talks, whether or not an event names them."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "insights.contacts"
    label = "insights_contacts"
    verbose_name = "Contacts"
