"""The forms of opportunities: the problem, evidence, and what was decided."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from insights.voice.feedback.public import Feedback
from insights.voice.highlights.public import PartField
from insights.voice.texts.public import LONGEST_QUOTE
from portal.people.public import OwnerField, Product, Visibility
from roadmaps.planning.opportunities.actions import LONGEST_WHY
from roadmaps.planning.opportunities.models import Evidence, Opportunity

_KEEP = ("", "Leave as it is")


class OpportunityForm(forms.Form):
    """A problem, who has it, and where it stands."""

    title = forms.CharField(
        max_length=200, help_text="The problem in the words of those who have it: no solution yet, no numbers."
    )
    problem = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What goes wrong today, when, how often, and what it costs. Markdown.",
    )
    who = forms.CharField(
        required=False, max_length=300, label="Who has it", help_text="Such as “Team leads in their first week”."
    )
    state = forms.ChoiceField(choices=Opportunity.State.choices, initial=Opportunity.State.OPEN)
    owner = OwnerField()
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    why = forms.CharField(
        required=False,
        max_length=LONGEST_WHY,
        label="Why this state",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Another state is a decision, and goes into the log with this.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, product: Product, opportunity: Opportunity | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer([product.team_id], user.pk, opportunity.owner_id if opportunity else None)
        if opportunity is None:
            del self.fields["why"]


def start_of(opportunity: Opportunity) -> dict[str, Any]:
    """Return what the form of an opportunity starts with."""
    names = ("title", "problem", "who", "state", "visibility", "version")
    return {**{name: getattr(opportunity, name) for name in names}, "owner": opportunity.owner_id}


class RowForm(forms.Form):
    """What is changed in a row of the list."""

    title = forms.CharField(max_length=200)
    state = forms.ChoiceField(choices=Opportunity.State.choices)
    owner = OwnerField()
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, opportunity: Opportunity, **kwargs: Any):
        names = ("title", "state", "version")
        start = {**{name: getattr(opportunity, name) for name in names}, "owner": opportunity.owner_id}
        super().__init__(*args, initial=start, auto_id=f"row-{opportunity.pk}-%s", **kwargs)
        self.fields["owner"].offer([opportunity.team_id], user.pk, opportunity.owner_id)
        for field in self.fields.values():
            field.widget.attrs |= {"form": f"row-form-{opportunity.pk}"}


class BulkForm(forms.Form):
    """What several opportunities shall have."""

    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)
    state = forms.ChoiceField(choices=[_KEEP, *Opportunity.State.choices])
    why = forms.CharField(required=False, max_length=300)

    def __init__(self, *args: Any, chosen: Iterable[int] = (), **kwargs: Any):
        super().__init__(*args, auto_id="bulk-%s", **kwargs)
        self.fields["chosen"].choices = [(pk, pk) for pk in chosen]


class EvidenceForm(forms.Form):
    """How much something weighs, and what it shows."""

    weight = forms.TypedChoiceField(
        coerce=int,
        choices=Evidence.Weight.choices,
        initial=Evidence.Weight.IMPORTANT,
        help_text="How much this matters to those behind it. What is linked to a theme keeps its own weight.",
    )
    note = forms.CharField(required=False, max_length=500, label="What it shows")


class GatherForm(EvidenceForm):
    """The same for several things that were chosen at once."""

    things = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label="Choose",
        error_messages={"required": "Choose at least one."},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["things"].choices = choices
        self.order_fields(["things", "weight", "note"])


class DecisionForm(forms.Form):
    """What was decided."""

    what = forms.CharField(max_length=200, label="What was decided")
    why = forms.CharField(required=False, max_length=LONGEST_WHY, label="Why", widget=forms.Textarea(attrs={"rows": 3}))


class QuoteForm(EvidenceForm):
    """Words of a text as evidence of an opportunity: of a known one, or of a new one."""

    opportunity = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    new_title = forms.CharField(required=False, max_length=200, label="Or a new opportunity")
    quote = forms.CharField(
        max_length=LONGEST_QUOTE,
        strip=False,
        label="Words of the text",
        widget=forms.Textarea(attrs={"rows": 2, "data-quote": ""}),
        help_text="Select them in the text, with the mouse or the keyboard.",
    )
    start = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"data-quote-start": ""}))
    part = PartField()

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], piece: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["opportunity"].choices = [("", "Choose an opportunity"), *choices]
        if isinstance(piece, Feedback):
            del self.fields["part"]
        self.order_fields(["quote", "start", "part", "opportunity", "new_title", "weight", "note"])

    def clean(self) -> dict[str, Any]:
        """Take one opportunity: a known or a new one."""
        data = super().clean() or {}
        if bool(data.get("opportunity")) == bool((data.get("new_title") or "").strip()):
            self.add_error("opportunity", "Choose an opportunity, or write a new one; not both.")
        return data
