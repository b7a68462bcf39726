"""The forms of cohorts: what they are called, how one behind a number is kept, and an uploaded list."""

import json
from typing import Any

from django import forms

from insights.cohorts.models import Cohort
from portal.people.public import Product, Visibility, is_insider

_LINES = {"rows": 3}


class NameForm(forms.Form):
    """Name, words and reach of a cohort."""

    name = forms.CharField(max_length=120, help_text="Say who they are, such as “Invited nobody in the first week”.")
    description = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs=_LINES), help_text="What it is for."
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may use it", initial=Visibility.COMPANY)


class CohortForm(NameForm):
    """A change of what a cohort is called."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NumberForm(NameForm):
    """A cohort of those behind a number."""

    how = forms.ChoiceField(
        label="Members",
        choices=[
            ("kept", "Keep it up to date: the number is counted again every night"),
            ("frozen", "Freeze it: these members stay, whatever happens later"),
        ],
        initial="kept",
        widget=forms.RadioSelect,
    )
    question = forms.CharField(widget=forms.HiddenInput)
    cell = forms.CharField(widget=forms.HiddenInput)

    def clean_question(self) -> dict[str, Any]:
        """Return the question as JSON."""
        return self._json("question")

    def clean_cell(self) -> dict[str, Any]:
        """Return the cell as JSON."""
        return self._json("cell")

    def _json(self, name: str) -> dict[str, Any]:
        try:
            value = json.loads(self.cleaned_data[name])
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise forms.ValidationError("This names no number. Open the list of people from a chart again.")
        return value


class IdsForm(forms.Form):
    """Ids from a file, or typed."""

    file = forms.FileField(required=False, label="File", help_text="CSV or text, at most 64 MB and 1,000,000 ids.")
    pasted = forms.CharField(
        required=False,
        label="Or paste the ids",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="One a line, exactly as they are in the events.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].is_needed = self.fields["pasted"].is_needed = True  # one of the two

    def clean(self) -> dict[str, Any]:
        """Take the file, else what was pasted, as `data`."""
        found: dict[str, Any] = super().clean() or {}
        file, pasted = found.pop("file", None), found.pop("pasted", "")
        if file and pasted:
            self.add_error("pasted", "Give a file or paste the ids, not both.")
        elif not file and not pasted:
            self.add_error("file", "Give a file, or paste the ids below.")
        else:
            found["data"] = file.read() if file else pasted.encode()
        return found


class ListForm(IdsForm, NameForm):
    """A cohort from a list."""

    product = forms.ModelChoiceField(queryset=Product.objects.none(), to_field_name="slug")
    unit = forms.ChoiceField(choices=Cohort.Unit.choices, label="The ids are of", initial=Cohort.Unit.PERSON)
    field_order = ["name", "product", "unit", "file", "pasted", "description", "visibility"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        mine = [product.pk for product in user.visible_products if is_insider(user, product.team_id)]
        self.fields["product"].queryset = Product.objects.filter(pk__in=mine)
        self.fields["product"].empty_label = "Choose a product"
