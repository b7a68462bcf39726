"""Forms of the persons room: the search of a product's people, and the confirmations by name."""

from typing import Any

from django import forms

from insights.contacts.meanings import FILTERED, Known
from portal.people.public import Product

MAX_TEXT = 200


class SearchForm(forms.Form):
    """A product, and the beginning of an id, a name or an e-mail address."""

    q = forms.CharField(
        label="Id, name or e-mail begins with",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.TextInput(attrs={"type": "search", "data-list-search": "", "autocomplete": "off"}),
    )
    product = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, products: list[Product], label: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["q"].label = label or self.fields["q"].label
        self.fields["product"].choices = [(product.slug, product.name) for product in products]

    def offer(self, known: Known, chosen: dict[str, str]) -> None:
        """Let the list be narrowed to what is known of accounts, such as their plan."""
        for meaning in FILTERED:
            values = known.values.get(meaning) or []
            if values or chosen.get(meaning):
                here = dict.fromkeys([*values, *filter(None, [chosen.get(meaning)])])
                choices = [("", "Any"), *((value, value) for value in here)]
                self.fields[meaning] = forms.ChoiceField(
                    label=str(meaning.label), required=False, choices=choices, initial=chosen.get(meaning, "")
                )


class ConfirmForm(forms.Form):
    """An id typed by hand, to confirm what cannot be seen from the button alone."""

    confirm = forms.CharField(max_length=400, strip=True, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, label: str, expected: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["confirm"].label = label

    def clean_confirm(self) -> str:
        """Refuse anything but the id itself."""
        typed = self.cleaned_data["confirm"]
        if typed != self.expected:
            raise forms.ValidationError(f"Type it exactly: {self.expected}")
        return typed
