"""The forms of outcomes."""

from typing import Any

from django import forms

from insights.adoption.public import Feature
from insights.metrics.public import Metric, hidden_metrics
from roadmaps.goals.forms import MetricChoice
from roadmaps.outcomes.actions.bets import LONGEST_WHY
from roadmaps.outcomes.actions.reviews import LONGEST_LESSON
from roadmaps.outcomes.models import Bet, OutcomeReview
from roadmaps.planning.initiatives.public import Initiative

_MOST_METRICS = 500


class BetForm(forms.Form):
    """What an initiative is expected to do to a metric."""

    metric = MetricChoice(
        Metric.objects.none(), empty_label="Choose a metric", help_text="The number that shows whether it worked."
    )
    aim = forms.ChoiceField(choices=Bet.Aim.choices, label="Which way")
    low = forms.FloatField(
        label="By at least",
        min_value=0,
        help_text="In the metric's unit; a rate in points (5: from 40 % to 45 %).",
    )
    high = forms.FloatField(label="By at most", min_value=0, help_text="Say a range: nobody knows it to the point.")
    days = forms.TypedChoiceField(coerce=int, choices=Bet.After.choices, label="By when")
    confidence = forms.FloatField(
        label="How sure, in percent", min_value=5, max_value=95, help_text="That it does at least the small end."
    )
    feature = forms.ModelChoiceField(
        Feature.objects.none(),
        required=False,
        empty_label="Everybody gets it at once",
        label="Who has adopted it",
        help_text="Where only some take it up: the feature that those use.",
    )
    why = forms.CharField(
        required=False,
        max_length=LONGEST_WHY,
        label="What makes you think so",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Evidence, a test, a similar case. Markdown.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, initiative: Initiative, bet: Bet | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        metrics = Metric.objects.visible_to(user).live()
        if bet is not None:
            metrics = metrics | Metric.objects.filter(pk=bet.metric_id)
        own = metrics.select_related("product", "current")
        found = list(own.order_by("product__name", "name")[:_MOST_METRICS])
        hidden = hidden_metrics(user, found)
        found.sort(key=lambda one: one.product_id != initiative.product_id)
        self.fields["metric"].queryset = own
        named = ((one.pk, self.fields["metric"].label_from_instance(one)) for one in found if one.pk not in hidden)
        self.fields["metric"].choices = [("", self.fields["metric"].empty_label), *named]
        self.fields["feature"].queryset = Feature.objects.visible_to(user).filter(product=initiative.product_id)

    def clean(self) -> dict[str, Any]:
        """Read shares in percent and the sizes of a rate in points."""
        data = super().clean() or {}
        if data.get("confidence") is not None:
            data["confidence"] = data["confidence"] / 100
        metric = data.get("metric")
        if metric is not None and metric.current.is_rate:
            for name in ("low", "high"):
                if data.get(name) is not None:
                    data[name] = data[name] / 100
        return data


def start_of(bet: Bet) -> dict[str, Any]:
    """Return what the form of a bet starts with: shares in percent, a rate's sizes in points."""
    names = ("metric_id", "feature_id", "aim", "low", "high", "days", "why", "version")
    start = {name.removesuffix("_id"): getattr(bet, name) for name in names}
    start["confidence"] = round(100 * bet.confidence, 6)
    if bet.is_rate:
        start |= {name: round(100 * start[name], 9) for name in ("low", "high")}
    return start


class ReviewForm(forms.Form):
    """What becomes of an initiative, and what was learned."""

    decision = forms.ChoiceField(choices=OutcomeReview.Decision.choices, label="Decision", widget=forms.RadioSelect)
    learned = forms.CharField(
        max_length=LONGEST_LESSON,
        label="What did you learn?",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What you believed, what happened, what you would do next time. Markdown.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CostForm(forms.Form):
    """What a person-month costs."""

    amount = forms.FloatField(label="One person-month costs", help_text="All in: pay, room, tools.")
    currency = forms.CharField(max_length=8, help_text="As you write it, such as € or CHF.")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
