"""The catalogue room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "insights.catalogue"
    label = "insights_catalogue"
    verbose_name = "Catalogue"
