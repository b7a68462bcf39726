"""The forms of releases."""

from datetime import date
from typing import Any

from django import forms

from portal.people.public import OwnerField, Product, Visibility, can
from roadmaps.goals.forms import DayInput
from roadmaps.planning.releases.actions import LONGEST_NOTES, LONGEST_SAID
from roadmaps.planning.releases.models import Release

_FIELDS = ("name", "planned_on", "notes", "visibility", "version", "owner_id")


class ReleaseForm(forms.Form):
    """What comes out together, and when."""

    name = forms.CharField(max_length=120, help_text="As people say it, such as “4.2” or “Spring release”.")
    product = forms.ModelChoiceField(Product.objects.none(), empty_label=None, help_text="It belongs to its team.")
    planned_on = forms.DateField(label="Planned for", widget=DayInput())
    notes = forms.CharField(
        required=False,
        max_length=LONGEST_NOTES,
        label="Release notes",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What is new for whom. Markdown: # for headings, - for lists, **bold**.",
    )
    owner = OwnerField()
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, release: Release | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if release is not None:
            del self.fields["product"]
            self.fields["owner"].offer([release.team_id], user.pk, release.owner_id)
            return
        mine = [one for one in user.visible_products if can(user, "releases.create", one)]
        self.fields["product"].queryset = Product.objects.filter(pk__in=[one.pk for one in mine]).select_related("team")
        self.fields["owner"].offer({one.team_id for one in mine}, user.pk)


def start_of(release: Release) -> dict[str, Any]:
    """Return what the form of a release starts with."""
    return {name.removesuffix("_id"): getattr(release, name) for name in _FIELDS}


class OutForm(forms.Form):
    """That a release is out, and what those who asked for it are to hear."""

    on = forms.DateField(label="It is out since", widget=DayInput())
    said = forms.CharField(
        required=False,
        max_length=LONGEST_SAID,
        label="What those who asked for it are to hear",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A letter to each of them is drafted around it, and sent when somebody of the team sends it. Left "
        "empty, nobody is told.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()


class WhyForm(forms.Form):
    """Why a release is cancelled or taken back."""

    why = forms.CharField(max_length=300, label="Why", help_text="One sentence; it stays in the history.")
