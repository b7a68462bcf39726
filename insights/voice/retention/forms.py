"""Forms of rules of retention."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.voice.feedback.public import Channel
from insights.voice.retention.models import LEAST_DAYS, MOST_DAYS, RetentionRule
from portal.people.public import Product

_DAYS = "As 730 for two years; from the day on which it was said."


class RuleChangeForm(forms.Form):
    """For how long, and what then."""

    days = forms.IntegerField(min_value=LEAST_DAYS, max_value=MOST_DAYS, label="Days to keep it whole", help_text=_DAYS)
    effect = forms.ChoiceField(choices=RetentionRule.Effect.choices, label="What happens then")
    version = forms.IntegerField(widget=forms.HiddenInput)


class RuleForm(forms.Form):
    """What is kept, for how long, and what then."""

    product = forms.ChoiceField()
    about = forms.ChoiceField(choices=RetentionRule.About.choices, label="What")
    channel = forms.ModelChoiceField(
        queryset=Channel.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label="All that have no rule of their own",
        help_text="Of feedback; conversations have no channels.",
    )
    days = forms.IntegerField(min_value=LEAST_DAYS, max_value=MOST_DAYS, label="Days to keep it whole", help_text=_DAYS)
    effect = forms.ChoiceField(choices=RetentionRule.Effect.choices, label="What happens then", initial="nameless")

    def __init__(self, *args: Any, products: Sequence[Product], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.products = {product.slug: product for product in products}
        self.fields["product"].choices = [(product.slug, product.name) for product in products]

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]
