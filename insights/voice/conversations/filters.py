"""How conversations are filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters
from django import forms

from insights.voice.conversations.models import Conversation, NextStep
from portal.people.public import User

_SEARCH = {"type": "search", "placeholder": "Words of it", "data-keys": "/"}
_DAY = {"type": "date"}


class ConversationFilter(django_filters.FilterSet):
    """Conversations by words, product, kind, day, who led them, and for insiders by who took part."""

    q = django_filters.CharFilter(label="Search", method="find")
    product = django_filters.CharFilter(field_name="product__slug")
    kind = django_filters.ChoiceFilter(choices=Conversation.Kind.choices)
    led_by = django_filters.NumberFilter(field_name="led_by", label="Number of who led it")
    account = django_filters.CharFilter(method="of_account", label="Id of an account")
    person = django_filters.NumberFilter(method="of_person", label="Number of the person")
    since = django_filters.DateFilter(field_name="held_on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="held_on", lookup_expr="lte")

    class Meta:
        model = Conversation
        fields: list[str] = []

    @property
    def reader(self) -> Any:
        """Return who asks."""
        return self.request.user

    def find(self, conversations, name, value):
        """Keep what holds the words, as far as the reader may read it."""
        return conversations.matching(value, self.reader)

    def of_account(self, conversations, name, value):
        """Keep those with an account's people, by the account's id; of the reader's teams."""
        return conversations.inside_of(self.reader).with_account(value)

    def of_person(self, conversations, name, value):
        """Keep those with a person, by whichever of their ids; of the reader's teams."""
        return conversations.inside_of(self.reader).with_person(int(value))


class ConversationListFilter(ConversationFilter):
    """The same for the list's page, with choices in place of slugs and numbers."""

    q = django_filters.CharFilter(label="Search", method="find", widget=forms.TextInput(attrs=_SEARCH))
    product = django_filters.ChoiceFilter(field_name="product__slug", label="Product", empty_label="All products")
    kind = django_filters.ChoiceFilter(choices=Conversation.Kind.choices, empty_label="All kinds")
    led_by = django_filters.ChoiceFilter(field_name="led_by", label="Led by", empty_label="Anybody")
    account = django_filters.CharFilter(
        method="of_account", label="Account", widget=forms.TextInput(attrs={"placeholder": "Account id", "size": 12})
    )
    person = django_filters.NumberFilter(method="of_person", widget=forms.HiddenInput)
    since = django_filters.DateFilter(
        field_name="held_on", lookup_expr="gte", label="From", widget=forms.DateInput(attrs=_DAY)
    )
    until = django_filters.DateFilter(
        field_name="held_on", lookup_expr="lte", label="To", widget=forms.DateInput(attrs=_DAY)
    )

    class Meta:
        model = Conversation
        fields = ["q", "product", "kind", "led_by", "account", "person", "since", "until"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        # As choices that are read once, the frame's own among them: a list has few queries to spend.
        self.filters["product"].extra["choices"] = [(product.slug, product.name) for product in user.visible_products]
        leaders = User.objects.filter(conversations_led__in=Conversation.objects.visible_to(user)).distinct()
        self.filters["led_by"].extra["choices"] = [(one.pk, str(one)) for one in leaders.order_by("name", "pk")]

    @property
    def reader(self) -> Any:
        """Return who reads the page."""
        return self.user


class NextStepFilter(django_filters.FilterSet):
    """Next steps by conversation, owner, day and whether they are done."""

    is_done = django_filters.BooleanFilter(field_name="done_at", lookup_expr="isnull", exclude=True)
    due_until = django_filters.DateFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = NextStep
        fields = ["conversation", "owner"]
