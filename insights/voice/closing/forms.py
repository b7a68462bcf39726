"""The forms of closing: a status with its letter, the words to one person, how they were told, why not."""

from typing import Any

from django import forms

from insights.voice.closing.drafting import LETTER, LONGEST_LETTER, LONGEST_SUBJECT
from insights.voice.closing.models import Status

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StatusForm(forms.Form):
    """What becomes of it, and what those who asked are to hear."""

    status = forms.ChoiceField(choices=Status.choices, widget=forms.RadioSelect, label="What becomes of it?")
    said = forms.CharField(
        required=False,
        max_length=2_000,
        label="What they are to hear",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In words for customers: what happens, from when on, and what they can do until then.",
    )
    is_told = forms.BooleanField(
        required=False,
        label="Draft a letter to everybody who asked",
        help_text="Nothing is sent before you send it. Each letter can be changed.",
    )
    subject = forms.CharField(required=False, max_length=LONGEST_SUBJECT)
    letter = forms.CharField(
        required=False,
        max_length=LONGEST_LETTER,
        initial=LETTER,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="{name} becomes their name, {asked} what they said and when, {said} what stands above, {sender} your "
        "name.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("said", "subject", "letter"):  # needed where somebody is told, which the field itself cannot know
            self.fields[name].is_needed = True


class TellingForm(forms.Form):
    """The words to one person."""

    subject = forms.CharField(max_length=LONGEST_SUBJECT)
    text = forms.CharField(max_length=LONGEST_LETTER, label="Letter", widget=forms.Textarea(attrs={"rows": 14}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class TwoWaysForm(forms.Form):
    """A note with a version: how somebody was told, or why not."""

    note = forms.CharField(max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ToldForm(TwoWaysForm):
    """How somebody was told by hand, and when."""

    told_on = forms.DateField(label="On", widget=_DAY)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = "How"
        self.fields["note"].help_text = "Such as “on the telephone” or “in their ticket”."
        self.order_fields(["note", "told_on", "version"])


class LeaveOutForm(TwoWaysForm):
    """Why somebody is not told."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["note"].label = "Why"
        self.fields["note"].help_text = "Such as “left the company”."
