"""The form of what a theme is about."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.adoption.public import Feature
from insights.voice.demand.actions import MOST_EVENTS
from insights.voice.demand.models import ThemeArea


def start_of(area: ThemeArea | None) -> dict[str, Any]:
    """Return what the form starts with: the area as it is, nothing where there is none."""
    names = [str(spec["event"]) for spec in (area.events if area else []) if spec.get("event")]
    return {"feature": (area.feature_id if area else "") or "", "events": names, "version": area.version if area else 0}


class AreaForm(forms.Form):
    """A feature of the product, or events of the catalogue."""

    feature = forms.ChoiceField(required=False, label="Feature")
    events = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Or events",
        help_text=f"Whoever did one of them used it; {MOST_EVENTS} at most.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self, *args: Any, features: Sequence[Feature], names: Sequence[str], area: ThemeArea | None, **more: Any
    ):
        self.specs = {str(spec.get("event")): spec for spec in (area.events if area else []) if spec.get("event")}
        super().__init__(*args, initial=start_of(area), **more)
        self.by_id = {feature.pk: feature for feature in features}
        options = [("", "No feature: the events below"), *((one.pk, one.name) for one in features)]
        self.fields["feature"].choices = options
        self.fields["events"].choices = [(name, name) for name in dict.fromkeys([*self.specs, *names])]

    def clean(self) -> dict[str, Any]:
        """Return the feature, and events as specs; one that had conditions keeps them."""
        data = super().clean() or {}
        chosen = data.get("feature")
        data["feature"] = self.by_id.get(int(chosen)) if chosen else None
        data["events"] = [self.specs.get(name, {"event": name}) for name in data.get("events", [])]
        if not self.errors and bool(data["feature"]) == bool(data["events"]):
            self.add_error("feature", "Choose a feature, or events; one of the two.")
        return data
