"""The forms of a highlight."""

from django import forms

from insights.voice.texts.public import LONGEST_QUOTE


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
    note = forms.CharField(required=False, max_length=500, label="Why it matters")


class NoteForm(forms.Form):
    """The note of a highlight."""

    note = forms.CharField(required=False, max_length=500, label="Why it matters")
