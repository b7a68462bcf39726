"""The forms of a highlight."""

from typing import Any

from django import forms

from insights.voice.conversations.public import PARTS
from insights.voice.feedback.public import Feedback
from insights.voice.texts.public import LONGEST_QUOTE


class PartField(forms.ChoiceField):
    """Which text of a conversation words are of; a selection says it by itself."""

    def __init__(self) -> None:
        choices = [("", "Where they stand"), *PARTS.items()]
        widget = forms.Select(attrs={"data-quote-part": ""})
        super().__init__(required=False, choices=choices, widget=widget, label="Words of")


class HighlightForm(forms.Form):
    """Words of a text; chosen in it by mouse or keyboard, or typed as they are there."""

    quote = forms.CharField(
        label="Words of the text",
        max_length=LONGEST_QUOTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-quote": ""}),
        help_text="Select them in the text, with the mouse or the keyboard, or copy them here as they are.",
    )
    start = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"data-quote-start": ""}))
    part = PartField()
    note = forms.CharField(required=False, max_length=500, label="Why it matters")

    def __init__(self, *args: Any, piece: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if isinstance(piece, Feedback):
            del self.fields["part"]


class NoteForm(forms.Form):
    """The note of a highlight."""

    note = forms.CharField(required=False, max_length=500, label="Why it matters")
