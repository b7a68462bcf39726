"""The forms of findings: the claim, a review, and evidence."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.voice.feedback.public import Feedback
from insights.voice.findings.contracts import VALID_DAYS
from insights.voice.findings.models import Evidence, Finding, Review
from insights.voice.highlights.public import PartField
from insights.voice.texts.public import LONGEST_QUOTE
from portal.people.public import OwnerField, Visibility

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FindingForm(forms.Form):
    """A claim, how it was found, and how sure its owner is."""

    claim = forms.CharField(
        max_length=300,
        help_text="One sentence that could turn out to be wrong, such as “Teams invite nobody because they cannot find "
        "the invitation again”.",
    )
    meaning = forms.CharField(
        required=False,
        max_length=10_000,
        label="What follows from it",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For whoever decides something: what to do, what not, and what is still unknown. Markdown.",
    )
    method = forms.ChoiceField(choices=Finding.Method.choices)
    how = forms.CharField(
        required=False,
        max_length=4_000,
        label="How it was found",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who was asked or counted, when, how they were chosen, and who is missing.",
    )
    n = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        label="n",
        help_text="How many were looked at in all, also those who said nothing of the kind.",
    )
    n_of = forms.CharField(required=False, max_length=40, label="n counts", initial="people")
    confidence = forms.TypedChoiceField(coerce=int, choices=Finding.Confidence.choices)
    owner = OwnerField(help_text="Who is told when it expires or is contradicted.")
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, team_id: int, user: Any, finding: Finding | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer([team_id], user.pk, finding.owner_id if finding else None)


def start_of(finding: Finding) -> dict[str, Any]:
    """Return what the form of a finding starts with."""
    names = ("claim", "meaning", "method", "how", "n", "n_of", "confidence", "visibility", "version")
    return {**{name: getattr(finding, name) for name in names}, "owner": finding.owner_id}


class ReviewForm(forms.Form):
    """What somebody says of a finding now."""

    outcome = forms.ChoiceField(choices=Review.Outcome.choices, widget=forms.RadioSelect, label="What is it now?")
    confidence = forms.TypedChoiceField(coerce=int, choices=Finding.Confidence.choices)
    valid_until = forms.DateField(
        required=False,
        label="Valid until",
        widget=_DAY,
        help_text=f"{VALID_DAYS} days from today, unless you know better.",
    )
    note = forms.CharField(
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why. Needed where something spoke against it, or it is taken back.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_draft: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if is_draft:
            del self.fields["outcome"]
            self.fields["note"].help_text = ""


class EvidenceForm(forms.Form):
    """On which side something stands, and what it shows."""

    side = forms.ChoiceField(choices=Evidence.Side.choices, widget=forms.RadioSelect, label="It speaks")
    note = forms.CharField(required=False, max_length=500, label="What it shows")


class GatherForm(EvidenceForm):
    """The same for several things that were chosen at once."""

    things = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label="Choose",
        error_messages={"required": "Choose at least one."},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, Any]], is_quote: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["things"].choices = choices
        self.fields["note"].required = not is_quote
        if not is_quote:
            self.fields["note"].help_text = "Such as “41 % get from the first plan to the first invitation, n = 1,204”."
        self.order_fields(["things", "side", "note"])


class QuoteForm(EvidenceForm):
    """Words of a text as evidence for or against a claim: a known one, or a new one."""

    finding = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Finding")
    new_claim = forms.CharField(required=False, max_length=300, label="Or a new claim")
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
        self.fields["finding"].choices = [("", "Choose a finding"), *choices]
        self.fields["side"].initial = "for"
        if isinstance(piece, Feedback):
            del self.fields["part"]
        self.order_fields(["quote", "start", "part", "side", "finding", "new_claim", "note"])

    def clean(self) -> dict[str, Any]:
        """Take one finding: a known or a new one."""
        data = super().clean() or {}
        if bool(data.get("finding")) == bool((data.get("new_claim") or "").strip()):
            self.add_error("finding", "Choose a finding, or write a new claim; not both.")
        return data
