"""The form of a feature: its words, and rows of events with the conditions under which they count."""

from datetime import datetime
from typing import Any

from django import forms

from insights.adoption.models import Feature
from insights.adoption.questions import read_events
from insights.explore.public import SpecDraft, SpecList, read_specs, start_specs
from portal.people.public import Product, Visibility
from portal.shell.public import BadInput


class FeatureForm(forms.Form):
    """Name and events of a feature; the rows of events are shown by `rows`."""

    name = forms.CharField(max_length=100, help_text="What people call it, such as “Timeline”.")
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    is_core = forms.BooleanField(
        required=False,
        label="Core feature",
        help_text="The adoption of the engagement score is the mean over the core features.",
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        post: Any,
        *args: Any,
        product: Product,
        user: Any,
        now: datetime,
        feature: Feature | None = None,
        **kwargs: Any,
    ):
        super().__init__(post or None, *args, **kwargs)
        self.product, self.user, self.now, self.feature = product, user, now, feature
        self.draft: SpecDraft = read_specs(post) if post else start_specs(feature.events if feature else [])
        self.row_faults: dict[str, list[str]] = {}

    def edit_rows(self, command: str) -> None:
        """Do what a button of the rows says, and show the form again without judging it."""
        self.draft = self.draft.edited(command)
        self.errors.clear()
        self.row_faults = {}

    @property
    def rows(self) -> SpecList:
        """Return the rows of events, each with its faults."""
        return self.draft.show(self.product, self.user, self.row_faults)

    def clean(self) -> dict[str, Any]:
        """Return the events as specs; a name that the product's features have already is refused."""
        data = super().clean() or {}
        taken = Feature.objects.filter(product=self.product, name__iexact=" ".join(data.get("name", "").split()))
        if taken.exclude(pk=self.feature.pk if self.feature else None).exists():
            self.add_error("name", "The product has a feature of this name already. Choose another name.")
        data["events"] = self.draft.specs()
        if not data["events"]:
            self._refuse({"series.0.event": ["Choose an event."]})
            return data
        try:
            read_events(Feature(product=self.product, name=data.get("name") or "new", events=data["events"]), self.now)
        except BadInput as error:
            faults = {path.removeprefix("events"): texts for path, texts in error.fields.items()}
            self._refuse(self.draft.place_faults(faults))
        return data

    def _refuse(self, faults: dict[str, list[str]]) -> None:
        self.row_faults = faults
        self.add_error(None, f"Events: {next(iter(faults.values()))[0]}")


def start_of(feature: Feature) -> dict[str, Any]:
    """Return what the form of a feature starts with, but its events."""
    return {name: getattr(feature, name) for name in ("name", "description", "is_core", "visibility", "version")}
