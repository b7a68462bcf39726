"""Contacts, records of accounts, consents and names of traits in the API: the actions and the door of the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.contacts import actions
from insights.contacts.access import (
    get_consent,
    get_contact,
    get_person_id,
    get_record,
    get_trait_name,
)
from insights.contacts.api_fields import PERSON, OfPersonOutput, WhoOutput
from insights.contacts.asks_api import AskViewSet, OptOutViewSet
from insights.contacts.consents import LONGEST_PROOF, give_consent, withdraw_consent
from insights.contacts.filters import (
    AccountRecordFilter,
    ConsentFilter,
    ContactFilter,
    TraitNameFilter,
)
from insights.contacts.finding import LONGEST_ID
from insights.contacts.meanings import change_trait_name, create_trait_name, delete_trait_name
from insights.contacts.models import AccountRecord, Consent, Contact, Meaning, TraitName
from insights.events.public import default_id_space
from portal.people.public import Product, possible_owners
from portal.shell.api import ActionViewSet, CreateByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput


def _own_product() -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())


class _NamesProduct(serializers.Serializer):
    """Names a product that the caller may see."""

    product = _own_product()

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = Product.objects.visible_to(self.context["request"].user).select_related("team")
        return fields


def _with_owner(values: dict[str, Any], team_id: int) -> dict[str, Any]:
    """Put the person in the place of the owner's number."""
    if values.get("owner") is not None:
        owner = possible_owners([team_id]).filter(pk=values["owner"]).first()
        if owner is None:
            raise BadInput(fields={"owner": ["Nobody of the product's team has this number."]})
        values["owner"] = owner
    return values


class ContactOutput(serializers.ModelSerializer):
    """What the API says of a contact."""

    product = serializers.CharField(source="person.id_space.product.slug", default=None)
    person = serializers.SerializerMethodField()
    account = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Contact
        fields = ["id", "product", "person", "name", "address", "title", "account", "owner", "status", "next_step"]
        fields += ["next_step_on", "version", "url", "created_by", "created_at", "updated_at"]
        read_only_fields = fields

    @extend_schema_field(WhoOutput())
    def get_person(self, contact):
        """Return the person as they are now: an id that was joined to another's is that person's."""
        return {"no": contact.person.resolved_no, "id": contact.person.distinct_id}

    @extend_schema_field(WhoOutput(allow_null=True))
    def get_account(self, contact):
        """Return the account that was written down."""
        return {"no": contact.account_id, "id": contact.account.account_id} if contact.account else None


class ContactChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    address = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    account = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_ID, help_text="Its id.")
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    status = serializers.CharField(required=False, allow_blank=True, max_length=60)
    next_step = serializers.CharField(required=False, allow_blank=True, max_length=500)
    next_step_on = serializers.DateField(required=False, allow_null=True)
    version = serializers.IntegerField(min_value=1)


class ContactInput(_NamesProduct, ContactChange):
    """What the API takes to write a person down: a product, and an id or an e-mail address."""

    person = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_ID, help_text="An id as events know it; else the address."
    )
    version = None


class ContactViewSet(ActionViewSet):
    """Persons as they are written down; for the product's team and for ops."""

    queryset = Contact.objects.dressed()
    output_serializer_class = ContactOutput
    input_serializer_class = ContactInput
    change_serializer_class = ContactChange
    filterset_class = ContactFilter
    ordering_fields = ["name", "next_step_on", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_contact

    def do_create(self, values):
        """Write a person down."""
        product = values.pop("product")
        return actions.create_contact(product, actor=self.request.user, **_with_owner(values, product.team_id))

    def do_change(self, thing, values):
        """Change what is written down."""
        values = _with_owner(values, thing.person.id_space.product.team_id)
        actions.write_contact(thing.person, actor=self.request.user, **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Take it away."""
        actions.delete_contact(thing, actor=self.request.user)


class AccountRecordOutput(serializers.ModelSerializer):
    """What the API says of an account's record."""

    product = serializers.CharField(source="account.id_space.product.slug", default=None)
    account = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = AccountRecord
        fields = ["id", "product", "account", "name", "owner", "plan", "segment", "status", "revenue", "version", "url"]
        fields += ["created_by", "created_at", "updated_at"]
        read_only_fields = fields

    @extend_schema_field(WhoOutput())
    def get_account(self, found):
        """Return the account."""
        return {"no": found.account_id, "id": found.account.account_id}


class AccountRecordChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    plan = serializers.CharField(required=False, allow_blank=True, max_length=60)
    segment = serializers.CharField(required=False, allow_blank=True, max_length=60)
    status = serializers.CharField(required=False, allow_blank=True, max_length=60)
    revenue = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0, required=False, allow_null=True)
    version = serializers.IntegerField(min_value=1)


class AccountRecordInput(_NamesProduct, AccountRecordChange):
    """What the API takes to write an account down."""

    account = serializers.CharField(max_length=LONGEST_ID, help_text="Its id.")
    version = None


class AccountRecordViewSet(ActionViewSet):
    """What is written down of accounts; it comes before what their traits say."""

    queryset = AccountRecord.objects.dressed()
    output_serializer_class = AccountRecordOutput
    input_serializer_class = AccountRecordInput
    change_serializer_class = AccountRecordChange
    filterset_class = AccountRecordFilter
    ordering_fields = ["name", "revenue", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_record

    def do_create(self, values):
        """Write an account down."""
        product = values.pop("product")
        return actions.create_record(product, actor=self.request.user, **_with_owner(values, product.team_id))

    def do_change(self, thing, values):
        """Change what is written down."""
        values = _with_owner(values, thing.account.id_space.product.team_id)
        actions.write_record(thing.account, actor=self.request.user, **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Take it away."""
        actions.delete_record(thing, actor=self.request.user)


class ConsentOutput(OfPersonOutput):
    """What the API says of a consent."""

    class Meta:
        model = Consent
        fields = ["id", "person", "purpose", "given_on", "expires_on", "proof", "withdrawn_at", "created_by"]
        fields += ["created_at"]
        read_only_fields = fields


class ConsentInput(serializers.Serializer):
    """What a person agreed to, and how that is known."""

    person = serializers.IntegerField(**PERSON)
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices)
    given_on = serializers.DateField()
    expires_on = serializers.DateField(required=False, allow_null=True)
    proof = serializers.CharField(max_length=LONGEST_PROOF)


class ConsentViewSet(CreateByAction, ReadViewSet):
    """What persons agreed to: given and withdrawn, never changed."""

    queryset = Consent.objects.select_related("person")
    output_serializer_class = ConsentOutput
    input_serializer_class = ConsentInput
    filterset_class = ConsentFilter
    ordering_fields = ["given_on", "expires_on", "created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_consent

    def do_create(self, values):
        """Write a consent down."""
        row = get_person_id(self.request.user, values.pop("person"), write=True)
        return give_consent(row, actor=self.request.user, **values)

    @extend_schema(operation_id="consents_withdraw", request=None, responses=ConsentOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk: str) -> Response:
        """Note that the person took it back; the row stays."""
        return self.answer(withdraw_consent(self.get_thing(write=True), actor=request.user))


class TraitNameOutput(serializers.ModelSerializer):
    """Which trait is what."""

    product = serializers.CharField(source="id_space.product.slug", default=None)

    class Meta:
        model = TraitName
        fields = ["id", "product", "meaning", "key", "unit", "version"]
        read_only_fields = fields


class TraitNameChange(serializers.Serializer):
    """A change names the version that it was made from."""

    key = serializers.CharField(max_length=200)
    unit = serializers.CharField(required=False, allow_blank=True, max_length=30)
    version = serializers.IntegerField(min_value=1)


class TraitNameInput(_NamesProduct, TraitNameChange):
    """A product, what is meant, and the trait that says it."""

    meaning = serializers.ChoiceField(choices=Meaning.choices)
    version = None


class TraitNameViewSet(ActionViewSet):
    """Which trait of a product's accounts is their plan, segment, status, owner or revenue; set by ops."""

    queryset = TraitName.objects.select_related("id_space__product")
    output_serializer_class = TraitNameOutput
    input_serializer_class = TraitNameInput
    change_serializer_class = TraitNameChange
    filterset_class = TraitNameFilter
    ordering_fields = ["meaning"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_trait_name

    def do_create(self, values):
        """Say which trait is what."""
        return create_trait_name(default_id_space(values.pop("product")), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Name another trait."""
        return change_trait_name(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take it back."""
        delete_trait_name(thing, actor=self.request.user)


router = PortalRouter()
router.register("contacts", ContactViewSet, basename="contact")
router.register("account-records", AccountRecordViewSet, basename="account-record")
router.register("consents", ConsentViewSet, basename="consent")
router.register("asks", AskViewSet, basename="ask")
router.register("opt-outs", OptOutViewSet, basename="opt-out")
router.register("trait-names", TraitNameViewSet, basename="trait-name")
urlpatterns = router.urls
