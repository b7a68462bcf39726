"""The form that asks when so many items will be done."""

from typing import Any

from django import forms

from portal.people.public import Product
from roadmaps.delivery.forecasts.things import HISTORY_WEEKS


class AskForm(forms.Form):
    """How many items, of which product, by which weeks of the past."""

    product = forms.ModelChoiceField(Product.objects.none(), empty_label=None, to_field_name="slug")
    n = forms.IntegerField(min_value=1, max_value=100_000, initial=20, label="Items")
    weeks = forms.IntegerField(
        min_value=10, max_value=260, initial=HISTORY_WEEKS, label="Weeks of the past", help_text="10 to 260."
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.filter(pk__in=[one.pk for one in user.visible_products])
