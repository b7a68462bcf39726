"""The forms of the Prioritise page: one row's inputs, several rows at once, a bubble that was moved, two weeks."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms

from roadmaps.planning.scoring.contracts import Definition, Given, Input, Rung
from roadmaps.planning.scoring.public import say_number

_SPLIT = ("…", "..", "\u2013", " to ")
_LABELS = [("estimated", "Estimated"), ("guessed", "Guessed")]


class RangeField(forms.CharField):
    """One number, or low, likely and high as “200 400 900”."""

    def __init__(self, **options: Any):
        super().__init__(required=False, max_length=60, **options)

    def clean(self, value: Any) -> tuple[float, ...] | None:
        """Return one or three numbers; None where nothing was typed."""
        text = super().clean(value)
        for sign in _SPLIT:
            text = text.replace(sign, " ")
        try:
            found = tuple(float(part.replace(",", "")) for part in text.split())
        except ValueError as fault:
            raise forms.ValidationError("Type a number, or low, likely and high as in: 200 400 900") from fault
        if len(found) not in (0, 1, 3):
            raise forms.ValidationError("Type one number, or three: low, likely and high.")
        return found or None


def _typed(given: Given | None) -> str:
    if given is None:
        return ""
    ends = (given.low, given.likely, given.high) if given.is_range else (given.likely,)
    return " ".join(f"{one:.12g}" for one in ends if one is not None)


class RowForm(forms.Form):
    """An initiative's inputs in its row of the table."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    label = forms.ChoiceField(choices=_LABELS, label="What is new is", initial="guessed")
    source = forms.CharField(required=False, max_length=200, label="It comes from")

    def __init__(self, *args: Any, definition: Definition, given: Mapping[str, Given], number: int, **kwargs: Any):
        super().__init__(*args, auto_id=f"row-{number}-%s", **kwargs)
        self.definition, self.given = definition, given
        for asked in definition.inputs:
            self.fields[asked.key] = self._field(asked)
        for name, field in self.fields.items():  # they stand in cells of the table, outside of their form
            field.widget.attrs["form"] = f"row-form-{number}"
            if name == definition.inputs[0].key:
                field.widget.attrs["autofocus"] = True

    def _field(self, asked: Input) -> forms.Field:
        said = self.given.get(asked.key)
        if asked.rungs and not (said and said.is_range):
            steps = [(f"{one.value:g}", self._say(one)) for one in asked.rungs]
            return forms.TypedChoiceField(
                choices=[("", "\u2013"), *steps],
                coerce=float,
                empty_value=None,
                required=False,
                initial=f"{said.likely:g}" if said else "",
                label=asked.label,
            )
        return RangeField(label=asked.label, initial=_typed(said), disabled=bool(said and said.bound))

    def _say(self, rung: Rung) -> str:
        return rung.says if self.definition.is_label else f"{say_number(rung.value)} {rung.says}".strip()

    @property
    def cells(self) -> list[Any]:
        """Return the fields of the inputs, in the table's order."""
        return [self[asked.key] for asked in self.definition.inputs]

    def said(self) -> dict[str, dict[str, Any] | None]:
        """Return the inputs that were changed."""
        found: dict[str, dict[str, Any] | None] = {}
        for asked in self.definition.inputs:
            was, now = self.given.get(asked.key), self.cleaned_data.get(asked.key)
            if was is not None and was.bound:
                continue
            ends = now if isinstance(now, tuple) or now is None else (now,)
            if ends is None:
                if was is not None:
                    found[asked.key] = None
                continue
            low, likely, high = ends if len(ends) == 3 else (None, ends[0], None)
            if was is None or (was.likely, was.low, was.high) != (likely, low, high):
                known = (
                    {}
                    if asked.role == "confidence"
                    else {name: self.cleaned_data[name] for name in ("label", "source")}
                )
                found[asked.key] = {"likely": likely, "low": low, "high": high, **known}
        return found


class BulkForm(forms.Form):
    """The same for several initiatives: an input, or that they were looked at."""

    key = forms.ChoiceField(label="Set")
    value = RangeField(label="to", widget=forms.TextInput(attrs={"placeholder": "400 or 200 400 900"}))
    label = forms.ChoiceField(choices=_LABELS, label="which is", initial="guessed")
    source = forms.CharField(required=False, max_length=200, label="from")

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields["key"].choices = [(one.key, one.label) for one in definition.inputs]

    def said(self) -> dict[str, dict[str, Any] | None]:
        """Return the input as every chosen initiative shall have it; an empty value takes it back."""
        data = self.cleaned_data
        ends = data["value"]
        if ends is None:
            return {data["key"]: None}
        low, likely, high = ends if len(ends) == 3 else (None, ends[0], None)
        asked = self.definition.find(data["key"])
        known = {} if asked and asked.role == "confidence" else {"label": data["label"], "source": data["source"]}
        return {data["key"]: {"likely": likely, "low": low, "high": high, **known}}


class MoveForm(forms.Form):
    """A bubble's new place: the values of the two inputs that the axes stand for."""

    x_key = forms.CharField(max_length=30)
    y_key = forms.CharField(max_length=30)
    x = forms.FloatField()
    y = forms.FloatField()
    version = forms.IntegerField(min_value=0)


class WeeksForm(forms.Form):
    """From which kept order to which a page says what moved."""

    since = forms.DateField()
    until = forms.DateField()

    def clean(self) -> dict[str, Any]:
        """Refuse days that are not in their order."""
        data = super().clean()
        if not self.errors and data["since"] >= data["until"]:
            raise forms.ValidationError("The first day is before the second.")
        return data

    def read(self) -> tuple[date, date]:
        """Return the day before which the first order was kept, and the day of the second."""
        return self.cleaned_data["since"] + timedelta(days=1), self.cleaned_data["until"]
