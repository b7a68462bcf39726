"""The forms of the roadmap."""

from typing import Any

from django import forms

from portal.people.public import Product, Team
from roadmaps.goals.forms import DayInput
from roadmaps.plan.board.models import Tone
from roadmaps.planning.initiatives.public import Horizon, Initiative


class MoveForm(forms.Form):
    """Where an initiative goes: its horizon and days, and which one comes after it."""

    horizon = forms.ChoiceField(choices=Horizon.choices)
    before = forms.ModelChoiceField(
        Initiative.objects.none(),
        required=False,
        empty_label="Where it is",
        label="Put it in front of",
        help_text="The order holds within the whole roadmap.",
    )
    starts_on = forms.DateField(required=False, label="Begins", widget=DayInput())
    ends_on = forms.DateField(required=False, label="Ends", widget=DayInput())
    why = forms.CharField(
        required=False, max_length=300, label="Why", help_text="One sentence; the time machine keeps it."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, initiative: Initiative, **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = Initiative.objects.visible_to(user).open().filter(product=initiative.product_id)
        others = others.exclude(pk=initiative.pk).order_by("position", "pk")
        self.fields["before"].queryset = others
        shown = [(one.pk, one.title) for one in others.only("pk", "title")[:100]]
        self.fields["before"].choices = [("", "Where it is"), *shown]


class PromiseForm(forms.Form):
    """What somebody was promised."""

    to_whom = forms.CharField(max_length=200, label="To whom", help_text="A customer, a partner, a board.")
    due_on = forms.DateField(label="Promised for", widget=DayInput())
    words = forms.CharField(
        required=False,
        max_length=500,
        label="What was said",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As it was said: memory is kinder than the customer's.",
    )
    made_on = forms.DateField(required=False, label="Promised on", widget=DayInput())


class WhyForm(forms.Form):
    """Why a promise is taken back."""

    why = forms.CharField(max_length=300, label="Why", help_text="One sentence; it stays in the log.")


class HealthForm(forms.Form):
    """What a person says of how an initiative does."""

    tone = forms.ChoiceField(
        choices=[one for one in Tone.choices if one[0] != Tone.UNKNOWN], widget=forms.RadioSelect, label="It is"
    )
    reason = forms.CharField(max_length=300, help_text="What the numbers do not know. It lapses after 14 days.")


class ViewForm(forms.Form):
    """A name for the view that is open, and who sees it too."""

    name = forms.CharField(max_length=120)
    team = forms.ModelChoiceField(
        Team.objects.none(), required=False, empty_label="Nobody else", label="Who opens it too"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = (
            Team.objects.filter(pk__in=user.team_ids) if not user.is_ops else Team.objects.all()
        )


class FeedForm(forms.Form):
    """Of which product a calendar reads."""

    product = forms.ModelChoiceField(Product.objects.none(), required=False, empty_label="All that I may see")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.visible_to(user)
