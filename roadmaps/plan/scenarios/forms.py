"""The forms of scenarios."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from portal.people.public import Product, Team
from roadmaps.goals.forms import DayInput
from roadmaps.goals.public import Objective
from roadmaps.plan.scenarios.contracts import MOST_MONTHS, MOST_STRETCHES
from roadmaps.plan.scenarios.models import Scenario, ScenarioStretch, Sharing
from roadmaps.plan.scenarios.trying import Tried
from roadmaps.planning.initiatives.public import Horizon, Initiative, Stage
from roadmaps.planning.scoring.public import RANKED_STAGES, ScoringModel

SPANS = [("quarter", "Quarters"), ("cycle", "Cycles of the company")]
_SCOPE = [("in", "In"), ("out", "Left out")]
_MOST_OFFERED = 300


def models_that_count() -> list[ScoringModel]:
    """Return the scoring models that make a number, the first of which pages begin with."""
    found = ScoringModel.objects.live().exclude(current=None).select_related("current")
    return [one for one in found if not one.definition.is_label]


class AboutForm(forms.Form):
    """What a scenario is called, who opens it, and what counts as value."""

    name = forms.CharField(max_length=120, help_text="Such as “Reports first, one person more”.")
    note = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is tried, and why. Markdown.",
    )
    sharing = forms.ChoiceField(
        choices=Sharing.choices, widget=forms.RadioSelect, label="Who opens it", initial=Sharing.MINE
    )
    model = forms.ChoiceField(label="Value counts by", help_text="The score of what fits the capacity, added up.")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, scenario: Scenario | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.models = {one.slug: one for one in models_that_count()}
        if scenario is not None:
            self.models.setdefault(scenario.model.slug, scenario.model)
            if scenario.owner_id not in (None, user.pk):
                del self.fields["sharing"]
        self.fields["model"].choices = [(slug, one.name) for slug, one in self.models.items()]

    def clean_model(self) -> ScoringModel:
        """Return the model that was chosen."""
        return self.models[self.cleaned_data["model"]]


class NewForm(AboutForm):
    """A new scenario: of what, and how much capacity there is today."""

    of = forms.ChoiceField(label="Roadmap of", help_text="What is to be decided about there is copied.")
    months = forms.FloatField(
        min_value=0, max_value=MOST_MONTHS, label="Person-months in each, today", help_text="Three people: 9 a quarter."
    )
    span = forms.ChoiceField(choices=SPANS, label="Planned in", initial="quarter")
    n_stretches = forms.IntegerField(min_value=1, max_value=MOST_STRETCHES, label="How many of them", initial=2)
    field_order = ("of", "name", "months", "span", "n_stretches", "model", "sharing", "note")

    def __init__(self, *args: Any, user: Any, places: Sequence[Team | Product], **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        self.places = {place_key(one): one for one in places}
        self.fields["of"].choices = [
            (key, f"{one} (team)" if isinstance(one, Team) else one.name) for key, one in self.places.items()
        ]
        del self.fields["version"]

    def clean_of(self) -> Team | Product:
        """Return the team or the product that was chosen."""
        return self.places[self.cleaned_data["of"]]


def place_key(place: Team | Product) -> str:
    """Return how a form names a team or a product.

    >>> place_key(Product(slug="planner"))
    'product:planner'
    """
    return f"{'team' if isinstance(place, Team) else 'product'}:{place.slug}"


class CapacityForm(forms.Form):
    """The person-months of each stretch: as they are today, and as they are tried."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stretches: Sequence[ScenarioStretch], version: int, **kwargs: Any):
        super().__init__(*args, initial={"version": version}, auto_id="capacity-%s", **kwargs)
        self.stretches = stretches
        for one in stretches:
            for name, value, words in (("today", one.months_today, "today"), ("months", one.months, "in the scenario")):
                self.fields[f"{name}-{one.pk}"] = forms.FloatField(
                    min_value=0, max_value=MOST_MONTHS, initial=f"{value:g}", label=f"{one.name}, {words}"
                )

    def rows(self) -> Iterable[tuple[ScenarioStretch, Any, Any]]:
        """Return each stretch with its two fields."""
        for one in self.stretches:
            yield one, self[f"today-{one.pk}"], self[f"months-{one.pk}"]

    def said(self) -> dict[int, tuple[float, float]]:
        """Return what was typed, by the number of the stretch."""
        data = self.cleaned_data
        return {one.pk: (data[f"today-{one.pk}"], data[f"months-{one.pk}"]) for one in self.stretches}


class ItemForm(forms.Form):
    """One initiative within a scenario."""

    place = forms.IntegerField(required=False, min_value=1, label="Place")
    scope = forms.ChoiceField(choices=_SCOPE)
    effort_months = forms.FloatField(required=False, min_value=0, max_value=10_000, label="Effort")
    horizon = forms.ChoiceField(choices=Horizon.choices)
    stage = forms.ChoiceField(choices=Stage.choices)
    starts_on = forms.DateField(required=False, label="Begins", widget=DayInput())
    ends_on = forms.DateField(required=False, label="Ends", widget=DayInput())
    goal = forms.ChoiceField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, tried: Tried, place: int | None, **kwargs: Any):
        names = ("horizon", "stage", "starts_on", "ends_on")
        values = tried.values
        start = {name: values[name] for name in names} | {"version": tried.item.version, "place": place}
        start |= {"scope": "in" if tried.item.is_in else "out", "goal": values["objective_id"] or ""}
        start["effort_months"] = None if values["effort_months"] is None else f"{values['effort_months']:g}"
        super().__init__(*args, initial=start, auto_id=f"item-{tried.item.pk}-%s", **kwargs)
        self.place = place
        self.goals = {str(one.pk): one for one in _goals(user, tried)}
        named = [(key, f"{one.title} ({one.cycle.name})") for key, one in self.goals.items()]
        known = str(values["objective_id"] or "")
        if known and known not in self.goals:
            named.append((known, "a goal that is not shared with you"))
        self.fields["goal"].choices = [("", "No goal"), *named]
        self.fields["place" if place else "scope"].widget.attrs["autofocus"] = True
        if place is None:
            del self.fields["place"]

    def said(self) -> tuple[dict[str, Any], int | None]:
        """Return what was changed by field, and the new place where one was typed."""
        data, names = self.cleaned_data, ("effort_months", "horizon", "stage", "starts_on", "ends_on")
        changes = {name: data[name] for name in names if name in self.changed_data}
        if "scope" in self.changed_data:
            changes["is_in"] = data["scope"] == "in"
        if "goal" in self.changed_data:
            changes["objective"] = self.goals.get(data["goal"])
        place = data.get("place")
        return changes, place if place != self.place else None


def _goals(user: Any, tried: Tried) -> Any:
    rows = Objective.objects.visible_to(user).filter(state=Objective.State.OPEN).select_related("cycle")
    return rows.order_by("cycle__starts_on", "title", "pk")[:_MOST_OFFERED]


class PutInForm(forms.Form):
    """Initiatives of the team that are not in a scenario yet."""

    initiatives = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Put in",
        help_text="A dropped one begins anew in the scenario, in discovery.",
    )

    def __init__(self, *args: Any, user: Any, scenario: Scenario, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Initiative.objects.visible_to(user).filter(team=scenario.team_id)
        rows = rows.filter(product=scenario.product_id) if scenario.product_id else rows
        rows = rows.filter(stage__in=[*RANKED_STAGES, Stage.DROPPED])
        known = scenario.items.exclude(initiative=None).values("initiative")
        self.found = {str(one.pk): one for one in rows.exclude(pk__in=known).order_by("title", "pk")[:_MOST_OFFERED]}
        self.fields["initiatives"].choices = [
            (key, f"{one.title} ({one.get_stage_display().lower()})") for key, one in self.found.items()
        ]

    def clean_initiatives(self) -> list[Initiative]:
        """Return what was chosen."""
        return [self.found[key] for key in self.cleaned_data["initiatives"]]


class ThrowForm(forms.Form):
    """Why a scenario is thrown away."""

    why = forms.CharField(required=False, max_length=300, label="Why", help_text="It stays to be read under this.")
