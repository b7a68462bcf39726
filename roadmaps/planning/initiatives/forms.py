"""The forms of initiatives: the whole thing, one row of the list, several at once, what it needs, and links."""

from collections.abc import Iterable
from typing import Any

from django import forms

from portal.people.public import OwnerField, Product, Visibility
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives.actions import LONGEST_WHY
from roadmaps.planning.initiatives.models import Horizon, Initiative, InitiativeLink, Stage
from roadmaps.planning.opportunities.public import Opportunity

_MOST_OFFERED = 300
_KEEP = ("", "Leave as it is")


class DayInput(forms.DateInput):
    """A day, as the browser asks for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlainNumberInput(forms.NumberInput):
    """A number that shows as it was typed: 3, not 3.0."""

    def format_value(self, value: Any) -> str | None:
        """Return the number without a zero that says nothing."""
        text = super().format_value(value)
        return text.removesuffix(".0") if text else text


class ObjectiveChoice(forms.ModelChoiceField):
    """An objective by its title and cycle."""

    def label_from_instance(self, obj: Objective) -> str:
        """Return the objective's title with its cycle."""
        return f"{obj.title} ({obj.cycle})"


def offer_objectives(user: Any, product: Product | None, *known: int | None) -> Any:
    """Return the goals that an initiative may serve: open ones of its product and of the company, and those named."""
    seen = Objective.objects.visible_to(user)
    own = seen.filter(state=Objective.State.OPEN)
    if product is not None:
        own = own.filter(product=product) | own.filter(product=None)
    return (own | seen.filter(pk__in=[one for one in known if one])).select_related("cycle")


class InitiativeForm(forms.Form):
    """What we would do, for which opportunities and goal, when, and how much work it is."""

    title = forms.CharField(max_length=200, help_text="What somebody will be able to do, in a few words.")
    summary = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What would be different, for whom, and how we will know. Markdown.",
    )
    opportunities = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple, label="Opportunities that it would solve"
    )
    objective = ObjectiveChoice(Objective.objects.none(), required=False, empty_label="None", label="Goal it serves")
    stage = forms.ChoiceField(choices=Stage.choices, initial=Stage.DISCOVERY)
    horizon = forms.ChoiceField(choices=Horizon.choices, initial=Horizon.LATER, help_text="Where no date is said.")
    starts_on = forms.DateField(required=False, label="Begins on", widget=DayInput())
    ends_on = forms.DateField(required=False, label="Ends on", widget=DayInput(), help_text="The last day, as planned.")
    promised_on = forms.DateField(
        required=False, label="Promised by", widget=DayInput(), help_text="Only if somebody was promised this day."
    )
    effort_months = forms.FloatField(
        required=False,
        min_value=0,
        label="Effort, likely",
        help_text="In person-months: 0.5 is two weeks of one.",
        widget=PlainNumberInput(),
    )
    effort_low = forms.FloatField(required=False, min_value=0, label="Effort, at least", widget=PlainNumberInput())
    effort_high = forms.FloatField(required=False, min_value=0, label="Effort, at most", widget=PlainNumberInput())
    blocked_since = forms.DateField(required=False, label="Blocked since", widget=DayInput())
    blocked_why = forms.CharField(required=False, max_length=300, label="Blocked by")
    reference = forms.CharField(required=False, max_length=60, help_text="Its name elsewhere, such as PROJ-12.")
    owner = OwnerField()
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    why = forms.CharField(
        required=False,
        max_length=LONGEST_WHY,
        label="Why this change",
        help_text="Whoever looks back at the roadmap of a past day reads this.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, product: Product, initiative: Initiative | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        goal, owner = (initiative.objective_id, initiative.owner_id) if initiative else (None, None)
        self.fields["objective"].queryset = offer_objectives(user, product, goal)
        self.fields["owner"].offer([product.team_id], user.pk, owner)
        self.offered = {one.pk: one for one in _offer_opportunities(user, product, initiative)}
        if self.offered:
            self.fields["opportunities"].choices = [(pk, one.title) for pk, one in self.offered.items()]
        else:
            del self.fields["opportunities"]
        if initiative is None:
            del self.fields["why"]

    def clean_opportunities(self) -> list[Opportunity]:
        """Return the opportunities themselves."""
        return [self.offered[pk] for pk in self.cleaned_data["opportunities"]]


def _offer_opportunities(user: Any, product: Product, initiative: Initiative | None) -> Iterable[Opportunity]:
    seen = Opportunity.objects.visible_to(user).filter(product=product)
    known = seen.filter(initiatives=initiative).distinct() if initiative is not None else seen.none()
    closed = [Opportunity.State.SOLVED, Opportunity.State.DROPPED]
    known_ids = list(known.values_list("pk", flat=True)) if initiative is not None else []
    wanted = seen.exclude(state__in=closed) | seen.filter(pk__in=known_ids)
    return wanted.order_by("title", "pk")[:_MOST_OFFERED]


class RowForm(forms.Form):
    """What is changed in a row of the list."""

    title = forms.CharField(max_length=200)
    stage = forms.ChoiceField(choices=Stage.choices)
    horizon = forms.ChoiceField(choices=Horizon.choices)
    effort_months = forms.FloatField(
        required=False, min_value=0, label="Effort in person-months", widget=PlainNumberInput()
    )
    starts_on = forms.DateField(required=False, label="Begins on", widget=DayInput())
    ends_on = forms.DateField(required=False, label="Ends on", widget=DayInput())
    owner = OwnerField()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, initiative: Initiative, **kwargs: Any):
        names = ("title", "stage", "horizon", "effort_months", "starts_on", "ends_on", "version")
        start = {**{name: getattr(initiative, name) for name in names}, "owner": initiative.owner_id}
        super().__init__(*args, initial=start, auto_id=f"row-{initiative.pk}-%s", **kwargs)
        self.fields["owner"].offer([initiative.team_id], user.pk, initiative.owner_id)
        for field in self.fields.values():
            field.widget.attrs |= {"form": f"row-form-{initiative.pk}"}


class BulkForm(forms.Form):
    """What several initiatives shall have."""

    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)
    stage = forms.ChoiceField(required=False, choices=[_KEEP, *Stage.choices])
    horizon = forms.ChoiceField(required=False, choices=[_KEEP, *Horizon.choices])
    objective = forms.ChoiceField(required=False, label="Goal")
    why = forms.CharField(required=False, max_length=LONGEST_WHY, label="Why")

    def __init__(self, *args: Any, user: Any, chosen: Iterable[int] = (), **kwargs: Any):
        super().__init__(*args, auto_id="bulk-%s", **kwargs)
        self.fields["chosen"].choices = [(pk, pk) for pk in chosen]
        self.goals = {str(one.pk): one for one in offer_objectives(user, None).order_by("title")[:_MOST_OFFERED]}
        named = [(pk, f"{one.title} ({one.cycle})") for pk, one in self.goals.items()]
        self.fields["objective"].choices = [_KEEP, ("none", "None"), *named]
        for field in self.fields.values():
            field.widget.attrs |= {"form": "bulk"}

    def changes(self) -> dict[str, Any]:
        """Return what shall be changed."""
        said = {name: self.cleaned_data[name] for name in ("stage", "horizon", "objective") if self.cleaned_data[name]}
        if "objective" in said:
            said["objective"] = self.goals.get(said["objective"])
        return said


class DependencyForm(forms.Form):
    """What an initiative waits for."""

    needs = forms.CharField(label="It needs", max_length=220, help_text="Another initiative: type words of its title.")
    note = forms.CharField(required=False, max_length=200, label="What it waits for")


class LinkForm(forms.Form):
    """Where more is written."""

    kind = forms.ChoiceField(choices=InitiativeLink.Kind.choices, initial=InitiativeLink.Kind.DOCUMENT)
    url = forms.URLField(label="Address", max_length=1000, assume_scheme="https")
    title = forms.CharField(required=False, max_length=200, help_text="Left empty, the address itself is shown.")


def start_of(initiative: Initiative) -> dict[str, Any]:
    """Return what the form of an initiative starts with."""
    names = (
        *("title", "summary", "stage", "horizon", "starts_on", "ends_on", "promised_on", "effort_months"),
        *("effort_low", "effort_high", "blocked_since", "blocked_why", "reference", "visibility", "version"),
    )
    start = {name: getattr(initiative, name) for name in names}
    chosen = list(initiative.opportunities.values_list("pk", flat=True))
    return {**start, "objective": initiative.objective_id, "owner": initiative.owner_id, "opportunities": chosen}
