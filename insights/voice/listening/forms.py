"""The forms of listening."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from insights.cohorts.public import Cohort
from insights.voice.listening.models import MOST_A_WEEK, Call, CallReason


def _a_week(**more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        min_value=Decimal(0), max_value=Decimal(MOST_A_WEEK), max_digits=4, decimal_places=2, **more
    )


class TargetForm(forms.Form):
    """How often a team wants to talk with customers."""

    per_person = _a_week(
        label="Conversations a week, each product manager",
        help_text="1 is one a week; 0.5 is one in two weeks. Over the last 13 whole weeks.",
    )
    per_team = _a_week(
        label="Conversations a week, the team together", help_text="A conversation that two led counts once here."
    )
    unheard_days = forms.IntegerField(
        min_value=1,
        max_value=730,
        label="Days after which a segment is unheard",
        help_text="Counted from the last conversation with any of its accounts.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class CallForm(forms.Form):
    """When a call takes place, and what to ask."""

    planned_on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    planned_at = forms.TimeField(
        required=False,
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In the time zone of who calls. Empty: some time that day.",
    )
    minutes = forms.IntegerField(min_value=5, max_value=480, label="Minutes")
    note = forms.CharField(
        required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}), label="What to ask"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def start_of(call: Call) -> dict[str, Any]:
    """Return what the form of a call starts with."""
    return {name: getattr(call, name) for name in ("planned_on", "planned_at", "minutes", "note", "version")}


class ReasonForm(forms.Form):
    """A cohort whose people are worth a call."""

    cohort = forms.ChoiceField(label="Cohort")
    why = forms.ChoiceField(choices=CallReason.Why.choices, label="Why they are worth a call")
    weight = forms.TypedChoiceField(choices=CallReason.Weight.choices, coerce=int, initial=2, label="How much")

    def __init__(self, *args: Any, cohorts: Sequence[Cohort], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by_slug = {cohort.slug: cohort for cohort in cohorts}
        self.fields["cohort"].choices = [(one.slug, f"{one.name} ({one.size_words})") for one in cohorts]

    def clean_cohort(self) -> Cohort:
        """Return the cohort."""
        return self.by_slug[self.cleaned_data["cohort"]]


class FeedForm(forms.Form):
    """Whether the calendar gets to know names."""

    has_names = forms.BooleanField(
        required=False,
        label="With names of customers",
        help_text="Whoever keeps your calendar keeps them, too: what is erased here is not erased there.",
    )
