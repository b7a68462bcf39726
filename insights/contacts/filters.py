"""How contacts, records of accounts and consents are filtered over the API."""

import django_filters
from django.utils import timezone

from insights.contacts.models import AccountRecord, Ask, Consent, Contact, OptOut, TraitName


class ContactFilter(django_filters.FilterSet):
    """Contacts by product, words, owner, status, account and address."""

    product = django_filters.CharFilter(field_name="person__id_space__product__slug")
    q = django_filters.CharFilter(method="find", label="Beginning of a word of the name, address or title")
    address = django_filters.CharFilter(lookup_expr="iexact")
    account = django_filters.CharFilter(field_name="account__account_id", label="Id of the account")
    person = django_filters.NumberFilter(method="of_person", label="Number of the person")

    class Meta:
        model = Contact
        fields = ["owner", "status"]

    def find(self, contacts, name, value):
        """Keep those of whose name, address or title a word begins so."""
        return contacts.matching(value)

    def of_person(self, contacts, name, value):
        """Keep those of a person, by whichever of their ids."""
        return contacts.of_person(int(value))


class AccountRecordFilter(django_filters.FilterSet):
    """Records of accounts by product, account and what they say."""

    product = django_filters.CharFilter(field_name="account__id_space__product__slug")
    account = django_filters.CharFilter(field_name="account__account_id", label="Id of the account")

    class Meta:
        model = AccountRecord
        fields = ["owner", "status", "segment", "plan"]


class ConsentFilter(django_filters.FilterSet):
    """Consents by person, purpose, and whether they are in force today."""

    product = django_filters.CharFilter(field_name="person__id_space__product__slug")
    person = django_filters.NumberFilter(method="of_person", label="Number of the person")
    is_in_force = django_filters.BooleanFilter(method="in_force", label="Holds today")
    expires_before = django_filters.DateFilter(field_name="expires_on", lookup_expr="lt")

    class Meta:
        model = Consent
        fields = ["purpose"]

    def of_person(self, consents, name, value):
        """Keep those of a person, by whichever of their ids."""
        return consents.of_person(int(value))

    def in_force(self, consents, name, value):
        """Keep those that hold today, or those that do not."""
        held = Consent.objects.in_force(timezone.localdate()).values("pk")
        return consents.filter(pk__in=held) if value else consents.exclude(pk__in=held)


class _OfPersonFilter(django_filters.FilterSet):
    """Rows about a person, by product and person."""

    product = django_filters.CharFilter(field_name="person__id_space__product__slug")
    person = django_filters.NumberFilter(method="of_person", label="Number of the person")

    def of_person(self, rows, name, value):
        """Keep those of a person, by whichever of their ids."""
        return rows.of_person(int(value))


class AskFilter(_OfPersonFilter):
    """Asks by product, person, kind and time."""

    asked_after = django_filters.IsoDateTimeFilter(field_name="asked_at", lookup_expr="gte")
    asked_before = django_filters.IsoDateTimeFilter(field_name="asked_at", lookup_expr="lt")

    class Meta:
        model = Ask
        fields = ["kind", "asked_by"]


class OptOutFilter(_OfPersonFilter):
    """Opt-outs by product, person and kind."""

    class Meta:
        model = OptOut
        fields = ["kind", "is_own"]


class TraitNameFilter(django_filters.FilterSet):
    """Names of traits by product."""

    product = django_filters.CharFilter(field_name="id_space__product__slug")

    class Meta:
        model = TraitName
        fields = ["meaning"]
