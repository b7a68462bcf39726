"""Pulses in the admin, to look at. Addresses, open links and answers are not here: nobody needs to see them."""

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from roadmaps.pulses.models import Pulse, PulseFunction


@admin.register(Pulse)
class PulseAdmin(ReadOnlyAdmin):
    """What is asked about which product."""

    list_display = ["name", "product", "team", "state", "closes_on", "owner", "updated_at"]
    list_filter = ["state", "product", "visibility"]
    list_select_related = ["product", "team", "owner"]
    search_fields = ["name", "product__name"]
    view_on_site = True


@admin.register(PulseFunction)
class PulseFunctionAdmin(ReadOnlyAdmin):
    """How many of which function were asked and answered."""

    list_display = ["name", "pulse", "n_asked", "n_answered"]
    list_filter = ["pulse__product"]
    list_select_related = ["pulse"]
    search_fields = ["name", "pulse__name"]
