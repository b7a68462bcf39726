"""The form that makes a theme of a proposal."""

from typing import Any

from django import forms


class AcceptForm(forms.Form):
    """The theme's name, and where it stands."""

    name = forms.CharField(max_length=120)
    parent = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Part of")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", "Nothing: it stands at the top"), *choices]


class VersionForm(forms.Form):
    """The state that a decision was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
