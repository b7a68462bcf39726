"""The form that makes a theme of a proposal."""

from typing import Any

from django import forms

from insights.voice.suggestions.models import ThemeProposal


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


def start_of(proposal: ThemeProposal) -> dict[str, Any]:
    """Return what the form to make a theme of a proposal starts with."""
    return {"name": proposal.name, "version": proposal.version}
