"""The form of an inlet."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.voice.feedback.public import Channel
from portal.people.public import Product, Visibility


class InletForm(forms.Form):
    """Which system sends feedback of which product."""

    product = forms.ChoiceField()
    name = forms.CharField(max_length=100, label="Which system sends", help_text="Such as “Help desk, production”.")
    origin = forms.CharField(
        max_length=60, label="Its short name", help_text="As zendesk: with each piece's id there, nothing comes twice."
    )
    channel = forms.ModelChoiceField(
        queryset=Channel.objects.in_use(),
        to_field_name="slug",
        empty_label=None,
        label="Channel, where a piece names none",
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read what comes", initial=Visibility.TEAM)

    def __init__(self, *args: Any, products: Sequence[Product], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.products = {product.slug: product for product in products}
        self.fields["product"].choices = [(product.slug, product.name) for product in products]

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]
