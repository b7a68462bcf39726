"""The forms of contacts, records of accounts, consents and names of traits."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.contacts.consents import LONGEST_PROOF
from insights.contacts.finding import LONGEST_ID
from insights.contacts.meanings import Keys, version_of
from insights.contacts.models import AccountRecord, Ask, AskKind, Consent, Contact, Meaning, TraitName
from insights.events.public import IdSpace
from portal.people.public import OwnerField, Product

_OFF = {"autocomplete": "off"}
_DAY = {"type": "date"}


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"), **options)


class _OwnedForm(forms.Form):
    """What is written down of somebody or of a company, with who looks after them."""

    owner = OwnerField(help_text="Who of the team looks after them.")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, products: Sequence[Product], owner_id: int | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.products = {product.slug: product for product in products}
        self.fields["owner"].offer({product.team_id for product in products}, owner_id)
        if "product" in self.fields:
            self.fields["product"].choices = [(product.slug, product.name) for product in products]

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]

    def clean_version(self) -> int:
        """Return the version that was changed; 0 where nothing was written down yet."""
        return self.cleaned_data["version"] or 0


class ContactForm(_OwnedForm):
    """A person, as somebody writes them down."""

    name = forms.CharField(max_length=200, required=False)
    address = forms.EmailField(max_length=254, required=False, label="E-mail address")
    title = forms.CharField(max_length=200, required=False, help_text="What they do, such as head of planning.")
    account = forms.CharField(
        max_length=LONGEST_ID,
        required=False,
        label="Account",
        help_text="Where they work, by its id. Events say it by themselves.",
        widget=forms.TextInput(attrs=_OFF),
    )
    status = forms.CharField(max_length=60, required=False, help_text="Such as champion, or left the company.")
    next_step = forms.CharField(max_length=500, required=False, label="Next step")
    next_step_on = _day(required=False, label="Next step by")

    field_order = ["name", "address", "title", "account", "owner", "status", "next_step", "next_step_on", "version"]


class NewContactForm(ContactForm):
    """A person who is not written down yet."""

    product = forms.ChoiceField(help_text="Whose customer they are.")
    person = forms.CharField(
        max_length=LONGEST_ID,
        required=False,
        label="Id",
        help_text="By which events know them. Left empty, the address stands for them.",
        widget=forms.TextInput(attrs=_OFF),
    )
    version = None

    field_order = ["product", "name", "address", "person", "title", "account", "owner", "status", "next_step"]

    def clean(self) -> dict[str, Any]:
        """Ask for something by which they are found again."""
        data = super().clean() or {}
        if not data.get("address") and not data.get("person") and "address" not in self.errors:
            self.add_error("address", "Give an e-mail address, or the id by which events know them.")
        return data


class RecordForm(_OwnedForm):
    """An account, as somebody writes it down; what is left empty comes from its traits."""

    name = forms.CharField(max_length=200, required=False)
    plan = forms.CharField(max_length=60, required=False)
    segment = forms.CharField(max_length=60, required=False)
    status = forms.CharField(max_length=60, required=False)
    revenue = forms.DecimalField(min_value=0, max_digits=16, decimal_places=2, required=False)

    field_order = ["name", "owner", "plan", "segment", "status", "revenue", "version"]

    def __init__(self, *args: Any, keys: Keys | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for meaning in Meaning:
            if keys and meaning in self.fields:
                said = f"Left empty, it is the trait “{keys.of[meaning]}”."
                unit = f" In {keys.unit}." if meaning == Meaning.REVENUE and keys.unit else ""
                self.fields[meaning].help_text = said + unit


class NewRecordForm(RecordForm):
    """An account that is not written down yet."""

    product = forms.ChoiceField(help_text="Whose customer it is.")
    account = forms.CharField(
        max_length=LONGEST_ID,
        label="Id",
        help_text="By which events know it, or will.",
        widget=forms.TextInput(attrs=_OFF),
    )
    version = None

    field_order = ["product", "account", "name", "owner", "plan", "segment", "status", "revenue"]


class ConsentForm(forms.Form):
    """What a person agreed to."""

    purpose = forms.ChoiceField(choices=Consent.Purpose.choices, label="For what")
    given_on = _day(label="Given on")
    expires_on = _day(required=False, label="Until", help_text="The last day. Left empty, it holds until withdrawn.")
    proof = forms.CharField(
        max_length=LONGEST_PROOF,
        label="How it is known",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: said so in the call of 3 May, recorded at 1:20; or where the signed form lies.",
    )


class AskForm(forms.Form):
    """What somebody is about to be asked by hand; surveys claim their asks by themselves."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in (AskKind.CALL, AskKind.MESSAGE)], label="How"
    )
    about = forms.CharField(
        max_length=Ask.MAX_ABOUT, label="For what", help_text="Such as: an interview about reports."
    )


class OptOutForm(forms.Form):
    """What a person wants no more."""

    kind = forms.ChoiceField(
        choices=[
            ("", "To be asked in any way"),
            ("survey", "Surveys"),
            ("call", "Calls and interviews"),
            ("message", "Messages"),
        ],
        required=False,
        label="What they want no more",
        help_text="Surveys, calls and messages of the portal obey it from now on.",
    )


class TraitNamesForm(forms.Form):
    """Which trait of a product's accounts is what."""

    unit = forms.CharField(
        max_length=30, required=False, label="Unit of the revenue", help_text="Such as EUR a year; shown beside it."
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for meaning in Meaning:
            self.fields[meaning.value] = forms.CharField(
                max_length=200,
                required=False,
                label=str(meaning.label),
                help_text=f"Left empty, it is the trait “{meaning.value}”.",
                widget=forms.TextInput(attrs={**_OFF, "list": "traits"}),
            )
        self.order_fields([*Meaning.values, "unit"])


def start_of_names(space: IdSpace) -> dict[str, str]:
    """Return what the form of an id space's names of traits starts with."""
    rows = list(TraitName.objects.filter(id_space=space).order_by("meaning"))
    unit = next((row.unit for row in rows if row.unit), "")
    return {**{row.meaning: row.key for row in rows}, "unit": unit, "version": version_of(rows)}


def start_of_contact(contact: Contact | None) -> dict[str, Any]:
    """Return what the form of a contact starts with."""
    names = (*Contact.FIELDS, "next_step_on", "version")
    if contact is None:
        return {**dict.fromkeys([*names, "account"], ""), "version": 0}
    return {
        **{name: getattr(contact, name) for name in names},
        "owner": contact.owner_id,
        "account": contact.account.account_id if contact.account else "",
    }


def start_of_record(found: AccountRecord | None) -> dict[str, Any]:
    """Return what the form of an account's record starts with."""
    names = (*AccountRecord.FIELDS, "revenue", "version")
    if found is None:
        return {**dict.fromkeys(names, ""), "version": 0}
    return {**{name: getattr(found, name) for name in names}, "owner": found.owner_id}
