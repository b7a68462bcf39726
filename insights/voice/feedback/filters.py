"""How feedback is filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters
from django import forms

from insights.voice.feedback.models import Channel, Feedback
from insights.voice.texts.public import LANGUAGE_CHOICES

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}
_DAY = {"type": "date"}
KINDS = [
    ("customers", "All but market"),
    *((kind.value, kind.label) for kind in Feedback.Kind if kind not in Feedback.MARKET),
    ("market", "All of market"),
    *((kind.value, kind.label) for kind in Feedback.MARKET),
]


class FeedbackFilter(django_filters.FilterSet):
    """Feedback by words, product, kind, channel, day, language, and for insiders by who said it."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    kind = django_filters.ChoiceFilter(choices=KINDS, method="of_kind")
    channel = django_filters.CharFilter(field_name="channel__slug")
    account = django_filters.CharFilter(method="of_account")
    person = django_filters.NumberFilter(method="of_person", label="Number of the person")
    since = django_filters.DateFilter(field_name="said_on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="said_on", lookup_expr="lte")
    language = django_filters.ChoiceFilter(choices=LANGUAGE_CHOICES)
    state = django_filters.ChoiceFilter(choices=Feedback.State.choices)
    assignee = django_filters.NumberFilter(field_name="assignee_id", label="Number of who shall decide")
    split_from = django_filters.NumberFilter(field_name="split_from_id", label="Number of the whole")
    origin = django_filters.CharFilter(field_name="origin")
    origin_id = django_filters.CharFilter(method="of_origin")
    imported_in = django_filters.NumberFilter(method="of_import", label="Number of the import")

    class Meta:
        model = Feedback
        fields: list[str] = []

    @property
    def reader(self) -> Any:
        """Return who asks."""
        return self.request.user

    def find(self, feedback, name, value):
        """Keep what holds the words, as far as the reader may read it."""
        return feedback.matching(value, self.reader)

    def of_kind(self, feedback, name, value):
        """Keep a kind, or all those about the market or about customers."""
        if value == "market":
            return feedback.filter(kind__in=Feedback.MARKET)
        if value == "customers":
            return feedback.exclude(kind__in=Feedback.MARKET)
        return feedback.filter(kind=value)

    def of_account(self, feedback, name, value):
        """Keep what an account's people said, by the account's id; of the reader's teams."""
        return feedback.inside_of(self.reader).filter(account__account_id=value)

    def of_person(self, feedback, name, value):
        """Keep what a person said, by whichever of their ids; of the reader's teams."""
        return feedback.inside_of(self.reader).of_person(int(value))

    def of_import(self, feedback, name, value):
        """Keep what an import brought; of the reader's teams."""
        return feedback.inside_of(self.reader).filter(imported_in=int(value))

    def of_origin(self, feedback, name, value):
        """Keep the piece with an origin id; of the reader's teams."""
        return feedback.inside_of(self.reader).filter(origin_id=value)


class FeedbackListFilter(FeedbackFilter):
    """The same for the list's page, with choices in place of slugs."""

    q = django_filters.CharFilter(label="Search", method="find", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.ChoiceFilter(method="of_product", label="Product", empty_label="All products")
    kind = django_filters.ChoiceFilter(choices=KINDS, method="of_kind", empty_label="All kinds")
    channel = django_filters.ChoiceFilter(field_name="channel__slug", label="Channel", empty_label="All channels")
    account = django_filters.CharFilter(
        method="of_account", widget=forms.TextInput(attrs={"placeholder": "Account id", "size": 12})
    )
    person = django_filters.NumberFilter(method="of_person", widget=forms.HiddenInput)
    imported_in = django_filters.NumberFilter(method="of_import", widget=forms.HiddenInput)
    since = django_filters.DateFilter(
        field_name="said_on", lookup_expr="gte", label="From", widget=forms.DateInput(attrs=_DAY)
    )
    until = django_filters.DateFilter(
        field_name="said_on", lookup_expr="lte", label="To", widget=forms.DateInput(attrs=_DAY)
    )
    state = django_filters.ChoiceFilter(choices=Feedback.State.choices, empty_label="All states")
    assignee = None
    split_from = None
    language = None
    origin = None
    origin_id = None

    class Meta:
        model = Feedback
        fields = ["q", "product", "kind", "channel", "state", "account", "person", "imported_in", "since", "until"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        # As choices that are read once, the frame's own among them: a list has few queries to spend.
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]
        self.filters["channel"].extra["choices"] = list(Channel.objects.values_list("slug", "name"))

    def of_product(self, feedback, name, value):
        """Keep a product's, by its number: the index by day then serves page after page."""
        return feedback.filter(product__in=[one.pk for one in self.user.visible_products if one.slug == value])

    @property
    def reader(self) -> Any:
        """Return who reads the page."""
        return self.user
