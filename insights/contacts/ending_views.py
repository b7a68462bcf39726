"""Pages of consents that end: the list with what may no longer be used, and the block of Home."""

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights.contacts.ending import ending_consents, name_owners, rule_of, show_uses
from insights.contacts.models import Consent
from portal.shell.public import answer_list, render_page

SORTS = {"until": "expires_on", "given": "given_on"}
COLUMNS = {
    "person": lambda row: row.person.distinct_id,
    "name": lambda row: row.shown_name,
    "for what": lambda row: row.get_purpose_display(),
    "given on": lambda row: row.given_on,
    "until": lambda row: row.expires_on,
    "what to do": rule_of,
}


class EndingFilter(django_filters.FilterSet):
    """Consents by product, purpose, and whether they have ended."""

    product = django_filters.ChoiceFilter(
        field_name="person__id_space__product__slug", label="Product", empty_label="All products"
    )
    purpose = django_filters.ChoiceFilter(label="For what", choices=Consent.Purpose.choices, empty_label="Anything")
    state = django_filters.ChoiceFilter(
        label="When", choices=[("ended", "Ended"), ("ending", "Ends soon")], method="when", empty_label="Either"
    )

    class Meta:
        model = Consent
        fields = ["purpose"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]

    def when(self, rows: Any, name: str, value: str) -> Any:
        """Keep those that have ended, or those that will."""
        today = timezone.localdate()
        return rows.filter(expires_on__lt=today) if value == "ended" else rows.filter(expires_on__gte=today)


@require_GET
def consent_ending(request: HttpRequest) -> HttpResponse:
    """List the consents that have ended or will, of people whom the user may read."""
    today = timezone.localdate()
    found = EndingFilter(request.GET, ending_consents(today).visible_to(request.user), user=request.user)

    def dress(rows: list[Consent]) -> None:
        show_uses(rows, request.user)
        name_owners(rows, request.user)
        for row in rows:
            row.has_ended = row.expires_on < today

    return answer_list(request, "insights/contacts/consent_ending.html", found, COLUMNS, SORTS, "until", dress=dress)


@require_GET
def consent_home(request: HttpRequest) -> HttpResponse:
    """Say how many consents have ended or will; nothing where there are none."""
    today = timezone.localdate()
    days = list(ending_consents(today).visible_to(request.user).order_by().values_list("expires_on", flat=True))
    counts = {"n_ended": sum(day < today for day in days), "n_ending": sum(day >= today for day in days)}
    return render_page(request, "insights/contacts/consent_home.html", counts, fragment="home")
