"""The forms of scoring: a model and what it asks, a score's sheet, a round and its ballot."""

from collections.abc import Mapping
from typing import Any

from django import forms

from portal.people.public import Product, Visibility, possible_owners
from roadmaps.planning.initiatives.public import Initiative, PlainNumberInput
from roadmaps.planning.scoring.contracts import Definition, Given, Input
from roadmaps.planning.scoring.formats import say_number
from roadmaps.planning.scoring.kinds import DAYS, KINDS, MOST_INPUTS
from roadmaps.planning.scoring.models import Round, ScoringModel
from roadmaps.planning.scoring.models.score import Label
from roadmaps.planning.scoring.orders import RANKED_STAGES

_TYPED = [(Label.ESTIMATED, Label.ESTIMATED.label), (Label.GUESSED, Label.GUESSED.label)]
_MOST_OFFERED = 300


class ModelForm(forms.Form):
    """What a model is called and what kind it is; criteria and own inputs are asked below it."""

    name = forms.CharField(max_length=60)
    description = forms.CharField(required=False, max_length=500, label="When to use it")
    kind = forms.ChoiceField(choices=list(KINDS.items()))
    counts_unblocked = forms.BooleanField(
        required=False,
        label="Count what it unblocks",
        help_text="WSJF only: add the scores of those that wait for an initiative, directly or through others, once.",
    )
    per = forms.ChoiceField(
        required=False,
        choices=[("", "\u2013"), *((one, f"a {one}") for one in DAYS)],
        label="Cost of delay is stated for",
        help_text="WSJF in money only. A month is 30 days.",
    )
    formula = forms.CharField(
        required=False,
        max_length=500,
        help_text="Own formula only: names of the inputs below, numbers, + - * /, min, max and brackets.",
    )
    unit = forms.CharField(required=False, max_length=60, help_text="Own formula only: what the score is in.")
    note = forms.CharField(required=False, max_length=300, label="What is new in it", help_text="And why.")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def options(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the options of the chosen kind; those of other kinds are left aside."""
        data = self.cleaned_data
        kind = data["kind"]
        if kind in ("wsjf", "wsjf_money"):
            per = {"per": data["per"] or "month"} if kind == "wsjf_money" else {}
            return {"counts_unblocked": data["counts_unblocked"], **per}
        if kind == "weighted":
            return {"inputs": inputs}
        if kind == "own":
            return {"inputs": inputs, "formula": data["formula"], "unit": data["unit"]}
        return {}


class AskedForm(forms.Form):
    """One criterion or input of a model."""

    key = forms.CharField(required=False, max_length=30, label="Name in the formula")
    label = forms.CharField(required=False, max_length=60, label="What is asked")
    weight = forms.FloatField(required=False, label="Weight", help_text="Of a criterion, 0 to 1.")
    least = forms.FloatField(required=False)
    most = forms.FloatField(required=False)
    role = forms.ChoiceField(
        required=False, choices=[("", "\u2013"), ("confidence", "Confidence"), ("effort", "Effort")], label="Is the"
    )
    rungs = forms.CharField(
        required=False,
        max_length=2000,
        label="Steps",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One a line: 100 = all ask for it",
    )

    def clean_rungs(self) -> list[dict[str, Any]]:
        """Read a step a line, as "100 = all ask for it"."""
        found = []
        for text in self.cleaned_data["rungs"].splitlines():
            if not text.strip():
                continue
            value, _, says = text.partition("=")
            try:
                found.append({"value": float(value), "says": says.strip()})
            except ValueError as fault:
                raise forms.ValidationError("Begin each line with its number, as in: 100 = all ask for it") from fault
        return found

    def value(self, kind: str) -> dict[str, Any] | None:
        """Return what a definition takes; None of a line that nobody filled."""
        data = self.cleaned_data
        if not data["label"] and not data["key"]:
            return None
        said: dict[str, Any] = {"key": data["key"], "label": data["label"], "rungs": data["rungs"]}
        names = ("weight",) if kind == "weighted" else ("least", "most")
        said |= {name: data[name] for name in names if data[name] is not None}
        if kind == "own" and data["role"]:
            said["role"] = data["role"]
        return said


AskedForms = forms.formset_factory(AskedForm, extra=3, max_num=MOST_INPUTS, absolute_max=MOST_INPUTS)


def start_of_inputs(definition: Definition) -> list[dict[str, Any]]:
    """Return what the lines of a model's inputs start with."""
    return [
        {
            "key": one.key,
            "label": one.label,
            "weight": one.weight,
            "least": None if definition.kind == "weighted" or one.rungs else one.least,
            "most": None if definition.kind == "weighted" or one.rungs or one.most >= 1e12 else one.most,
            "role": one.role,
            "rungs": "\n".join(f"{rung.value:g} = {rung.says}" for rung in one.rungs),
        }
        for one in definition.inputs
    ]


def _number_field(asked: Input, label: str, *, is_needed: bool = False) -> forms.Field:
    if not asked.rungs:
        return forms.FloatField(required=is_needed, label=label, widget=PlainNumberInput(attrs={"step": "any"}))
    steps = [(f"{one.value:g}", f"{say_number(one.value)}{f' {one.says}' if one.says else ''}") for one in asked.rungs]
    choices = [("", "\u2013"), *steps]
    return forms.TypedChoiceField(required=is_needed, label=label, choices=choices, coerce=float, empty_value=None)


class SheetForm(forms.Form):
    """All that a model asks of one initiative: likely, low, high, how it is known, where it comes from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = forms.CharField(required=False, max_length=500, label="Why these numbers")

    def __init__(
        self,
        *args: Any,
        definition: Definition,
        given: Mapping[str, Given],
        offers: list[tuple[str, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.definition, self.given = definition, given
        for asked in definition.inputs:
            self._ask(asked, offers)

    def _ask(self, asked: Input, offers: list[tuple[str, str]]) -> None:
        key, said = asked.key, self.given.get(asked.key)
        self.fields[f"{key}_likely"] = _number_field(asked, asked.label)
        if asked.takes_range and not self.definition.is_label:
            self.fields[f"{key}_low"] = _number_field(asked, f"{asked.label}, low")
            self.fields[f"{key}_high"] = _number_field(asked, f"{asked.label}, high")
        if asked.role != "confidence":
            words = f"How {asked.label.lower()} is known"
            self.fields[f"{key}_label"] = forms.ChoiceField(required=False, label=words, choices=_TYPED)
            self.fields[f"{key}_source"] = forms.CharField(
                required=False, max_length=200, label=f"Where {asked.label.lower()} comes from"
            )
        if not asked.role and not asked.rungs and offers:
            choices = [("", "Typed"), *offers]
            if said and said.bound and said.bound not in dict(offers):
                choices.append((said.bound, said.source))
            self.fields[f"{key}_bound"] = forms.ChoiceField(
                required=False, label=f"{asked.label} is measured by", choices=choices
            )
        for name, value in _start(asked, said).items():
            if f"{key}_{name}" in self.fields:
                self.initial.setdefault(f"{key}_{name}", value)

    def rows(self) -> list[dict[str, Any]]:
        """Return the fields of each input, as the sheet shows them."""
        names = ("likely", "low", "high", "label", "source", "bound")
        return [
            {
                "asked": asked,
                "given": self.given.get(asked.key),
                **{name: self[f"{asked.key}_{name}"] for name in names if f"{asked.key}_{name}" in self.fields},
            }
            for asked in self.definition.inputs
        ]

    def said(self) -> dict[str, dict[str, Any] | None]:
        """Return the inputs that are not as they were; one that was emptied is taken back."""
        found: dict[str, dict[str, Any] | None] = {}
        for asked in self.definition.inputs:
            names = ("likely", "low", "high", "label", "source", "bound")
            now = {name: self.cleaned_data.get(f"{asked.key}_{name}") for name in names}
            now = {name: None if value == "" else value for name, value in now.items()}
            was = self.given.get(asked.key)
            if now["bound"]:
                if was is None or was.bound != now["bound"]:
                    found[asked.key] = {"bound": now["bound"]}
            elif now["likely"] is None:
                if was is not None:
                    found[asked.key] = None
            elif was is None or was.bound or _differs(now, was, asked):
                found[asked.key] = {name: value for name, value in now.items() if value is not None}
        return found


def _start(asked: Input, said: Given | None) -> dict[str, Any]:
    if said is None:
        return {"label": Label.GUESSED}
    values = {"likely": said.likely, "low": said.low, "high": said.high}
    shown = {name: f"{value:g}" if asked.rungs else value for name, value in values.items() if value is not None}
    source = "" if said.bound else said.source
    label = Label.ESTIMATED if said.label == "measured" else said.label
    return {**shown, "label": label, "source": source, "bound": said.bound}


def _differs(now: Mapping[str, Any], was: Given, asked: Input) -> bool:
    ends = (now["low"], now["high"]) != (was.low, was.high)
    if asked.role == "confidence":
        return now["likely"] != was.likely
    return ends or (now["likely"], now["label"], now["source"] or "") != (was.likely, was.label, was.source)


class RoundForm(forms.Form):
    """A blind round: what is scored, by which model, and who is asked."""

    title = forms.CharField(max_length=200, help_text="Such as “What comes first in the new year”.")
    model = forms.ModelChoiceField(ScoringModel.objects.none(), empty_label=None, label="Scoring model")
    initiatives = forms.ModelMultipleChoiceField(
        Initiative.objects.none(), widget=forms.CheckboxSelectMultiple, help_text="1 to 30, the fewer the better."
    )
    people = forms.ModelMultipleChoiceField(
        Round.objects.none(), widget=forms.CheckboxSelectMultiple, label="Who scores", help_text="2 to 30 people."
    )
    due_on = forms.DateField(
        required=False, label="By", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may look on")

    def __init__(self, *args: Any, user: Any, product: Product, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["model"].queryset = ScoringModel.objects.live().exclude(current=None)
        things = Initiative.objects.visible_to(user).filter(product=product, stage__in=RANKED_STAGES)
        offered = list(things.order_by("position", "pk")[:_MOST_OFFERED])
        self.fields["initiatives"].queryset = things
        self.fields["initiatives"].choices = [(one.pk, one.title) for one in offered]
        people = possible_owners([product.team_id], user.pk).order_by("name", "pk")
        self.fields["people"].queryset = people
        self.fields["people"].choices = [(one.pk, str(one)) for one in people[:_MOST_OFFERED]]


class BallotForm(forms.Form):
    """What one person says of one initiative of a round."""

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.definition = definition
        for asked in definition.inputs:
            self.fields[asked.key] = _number_field(asked, asked.label)
        self.fields["note"] = forms.CharField(required=False, max_length=500, label="Why")

    def said(self) -> dict[str, float]:
        """Return the values that were given."""
        keys = (asked.key for asked in self.definition.inputs)
        return {key: self.cleaned_data[key] for key in keys if self.cleaned_data.get(key) is not None}


class RemarkForm(forms.Form):
    """A word about an item whose numbers are shown."""

    text = forms.CharField(max_length=1000, label="Remark")
