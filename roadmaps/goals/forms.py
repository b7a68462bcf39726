"""The forms of goals."""

from datetime import date
from typing import Any

from django import forms

from insights.metrics.public import Metric
from portal.people.public import OwnerField, Product, Visibility, can
from roadmaps.goals.actions.statements import LONGEST_TEXT
from roadmaps.goals.models import CheckIn, Cycle, KeyResult, Objective

_MOST_METRICS = 500


class DayInput(forms.DateInput):
    """A day, as the browser asks for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CycleForm(forms.Form):
    """A cycle's name and days."""

    name = forms.CharField(max_length=60, help_text="As people say it, such as “Q1 2027”.")
    starts_on = forms.DateField(label="First day", widget=DayInput())
    ends_on = forms.DateField(label="Last day", widget=DayInput())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class StatementForm(forms.Form):
    """The next version of a vision or a strategy."""

    text = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="Markdown: # for headings, - for lists, **bold**.",
    )
    note = forms.CharField(
        required=False, max_length=300, label="What is new in it", help_text="One sentence, and why."
    )
    owner = OwnerField(help_text="Answers questions about it.")
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, product: Product, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer([product.team_id], user.pk, self.initial.get("owner"))


class ObjectiveForm(forms.Form):
    """What a team wants to be true at the end of a cycle."""

    title = forms.CharField(
        max_length=200, help_text="What will be true then, in words that a customer would understand. No numbers yet."
    )
    why = forms.CharField(
        required=False, max_length=10_000, label="Why this, why now", widget=forms.Textarea(attrs={"rows": 4})
    )
    cycle = forms.ModelChoiceField(Cycle.objects.none(), empty_label=None)
    product = forms.ModelChoiceField(
        Product.objects.none(), required=False, empty_label="The whole company", help_text="It belongs to its team."
    )
    parent = forms.ModelChoiceField(
        Objective.objects.none(), required=False, empty_label="Nothing: it stands at the top", label="It serves"
    )
    owner = OwnerField()
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, objective: Objective | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["cycle"].queryset = Cycle.objects.visible_to(user)
        parents = Objective.objects.visible_to(user).filter(state=Objective.State.OPEN).select_related("cycle")
        if objective is not None:
            del self.fields["product"]
            self.fields["parent"].queryset = parents.exclude(pk=objective.pk)
            self.fields["owner"].offer([objective.team_id], user.pk, objective.owner_id)
            return
        self.fields["parent"].queryset = parents
        mine = [one for one in user.visible_products if can(user, "objectives.create", one)]
        self.fields["product"].queryset = Product.objects.filter(pk__in=[one.pk for one in mine]).select_related("team")
        if not user.is_ops and not user.team_ids:
            self.fields["product"].required = True
        self.fields["owner"].offer({*(one.team_id for one in mine), *user.team_ids}, user.pk)


class ClosingForm(forms.Form):
    """What came of an objective."""

    note = forms.CharField(
        max_length=10_000,
        label="What came of it, and what we learned",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The next cycle starts from here.",
    )
    is_dropped = forms.BooleanField(required=False, label="It was dropped: nobody works towards it any more")


class MetricChoice(forms.ModelChoiceField):
    """A metric by its name and product."""

    def label_from_instance(self, obj: Metric) -> str:
        """Return the metric's name with its product, and that it is a draft if so."""
        return f"{obj.name} ({obj.product.name}{'' if obj.is_certified else ', draft'})"


class KeyResultForm(forms.Form):
    """A number that shall come from a baseline to a target."""

    title = forms.CharField(max_length=200, help_text="Such as “Two of three new teams invite somebody”.")
    metric = MetricChoice(
        Metric.objects.none(),
        required=False,
        empty_label="None: the number is typed",
        help_text="Its value then comes every night by itself.",
    )
    baseline = forms.FloatField(
        required=False, label="From", help_text="Left empty, the metric's newest value. A rate in percent."
    )
    target = forms.FloatField(label="To", help_text="By the end of the cycle. A rate in percent.")
    aim = forms.ChoiceField(
        required=False,
        label="It is reached",
        choices=[("", "in the direction from the one to the other"), ("up", "at the target or above"),
                 ("down", "at the target or below")],
    )  # fmt: skip
    unit = forms.CharField(required=False, max_length=40, help_text="Of a typed number, such as “customers”.")
    owner = OwnerField()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, objective: Objective, key_result: KeyResult | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        metrics = Metric.objects.visible_to(user).live()
        if key_result is not None and key_result.metric_id:
            metrics = metrics | Metric.objects.filter(pk=key_result.metric_id)
        own_first = metrics.select_related("product", "current").order_by("product__name", "name")[:_MOST_METRICS]
        chosen = list(own_first)
        self.fields["metric"].queryset = metrics.select_related("product", "current")
        self.fields["metric"].choices = [
            ("", self.fields["metric"].empty_label),
            *((one.pk, self.fields["metric"].label_from_instance(one)) for one in chosen),
        ]
        self.fields["owner"].offer([objective.team_id], user.pk, objective.owner_id)

    def clean(self) -> dict[str, Any]:
        """Read the numbers of a rate in percent."""
        data = super().clean() or {}
        metric = data.get("metric")
        if metric is not None and metric.current.is_rate:
            for name in ("baseline", "target"):
                if data.get(name) is not None:
                    data[name] = data[name] / 100
        elif metric is None and data.get("baseline") is None and "baseline" not in self.errors:
            self.add_error("baseline", "Type where a number starts that no metric measures.")
        return data


def start_of(key_result: KeyResult) -> dict[str, Any]:
    """Return what the form of a key result starts with: a rate's numbers in percent."""
    names = ("title", "unit", "aim", "baseline", "target", "version", "metric_id", "owner_id")
    start = {name.removesuffix("_id"): getattr(key_result, name) for name in names}
    if key_result.is_rate:
        start |= {name: round(100 * start[name], 9) for name in ("baseline", "target")}
    return start


class ValueForm(forms.Form):
    """A typed value of a key result."""

    value = forms.FloatField()
    on = forms.DateField(label="As of", widget=DayInput())
    reason = forms.CharField(max_length=500, label="Where it comes from", help_text="Such as “counted in the CRM”.")

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class CheckInForm(forms.Form):
    """The two things that no metric knows: why, and how sure."""

    why = forms.CharField(
        max_length=4_000,
        label="Why does it stand where it stands?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What moved it, what is in the way, what you will do next.",
    )
    confidence = forms.TypedChoiceField(
        coerce=int,
        choices=CheckIn.Confidence.choices[::-1],
        label="Will the target be reached?",
        widget=forms.RadioSelect,
    )
