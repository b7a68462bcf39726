"""The form of a feature: events are ticked by name, so that it works with a keyboard and without scripts."""

from datetime import datetime
from typing import Any

from django import forms

from insights.adoption.models import Feature
from insights.adoption.questions import read_events
from insights.catalogue.public import list_event_names, sources_of_products
from portal.people.public import Product, Visibility
from portal.shell.public import BadInput

_MOST_LISTED = 200


class FeatureForm(forms.Form):
    """Name and events of a feature; conditions that an event has already are kept with it."""

    name = forms.CharField(max_length=100, help_text="What people call it, such as “Timeline”.")
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    events = forms.MultipleChoiceField(
        required=False,
        label="Events",
        widget=forms.CheckboxSelectMultiple,
        help_text="Whoever did one of these used the feature.",
    )
    more = forms.CharField(
        required=False,
        label="Other events",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Names that are not in the list, one a line, such as those of a coming release.",
    )
    is_core = forms.BooleanField(
        required=False,
        label="Core feature",
        help_text="The adoption of the engagement score is the mean over the core features.",
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, product: Product, now: datetime, feature: Feature | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.product, self.now = product, now
        self.known = {spec["event"]: spec for spec in (feature.events if feature else []) if spec.get("event")}
        self.feature = feature
        sources = sources_of_products([product.pk])
        names = [info.name for info in list_event_names(sources, limit=_MOST_LISTED)]
        shown = [*self.known, *(name for name in names if name not in self.known)]
        self.fields["events"].choices = [(name, self._label(name)) for name in shown]

    def _label(self, name: str) -> str:
        has_conditions = bool(self.known.get(name, {}).get("filters"))
        return f"{name} (where its conditions hold)" if has_conditions else name

    def clean(self) -> dict[str, Any]:
        """Return the events as specs; a name that the product's features have already is refused."""
        data = super().clean() or {}
        others = [" ".join(line.split()) for line in data.pop("more", "").splitlines() if line.strip()]
        names = dict.fromkeys([*(data.get("events") or []), *others])
        data["events"] = [self.known.get(name, {"event": name}) for name in names]
        if not names:
            self.add_error("events", "Tick an event, or name one below.")
            return data
        taken = Feature.objects.filter(product=self.product, name__iexact=" ".join(data.get("name", "").split()))
        if taken.exclude(pk=self.feature.pk if self.feature else None).exists():
            self.add_error("name", "The product has a feature of this name already. Choose another name.")
        try:
            read_events(Feature(product=self.product, name=data.get("name") or "new", events=data["events"]), self.now)
        except BadInput as error:
            for texts in error.fields.values():
                self.add_error("more", texts[0])
        return data


def start_of(feature: Feature) -> dict[str, Any]:
    """Return what the form of a feature starts with."""
    found = {name: getattr(feature, name) for name in ("name", "description", "is_core", "visibility", "version")}
    return {**found, "events": [spec["event"] for spec in feature.events if spec.get("event")]}
