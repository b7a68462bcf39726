"""What holds for all rows of a file of feedback."""

from typing import Any

from django import forms
from django.utils import timezone

from insights.imports.public import OptionsForm
from insights.sources.public import PATTERNS, format_words
from insights.voice.feedback.forms import KIND_CHOICES
from insights.voice.feedback.models import Channel
from insights.voice.texts.public import LANGUAGES
from portal.people.public import Visibility

DEFAULT_ORIGIN = "import"
APART = (
    ("line", "One in a cell"),
    ("comma", "Commas"),
    ("semicolon", "Semicolons"),
    ("bar", "Bars |"),
    ("space", "Blanks"),
)
SEPARATORS = {"comma": ",", "semicolon": ";", "bar": "|", "space": " "}
_DAYS = (
    ("", "Find it out"),
    ("iso", "ISO: 2026-11-21"),
    *((name, format_words(name)) for name in ("epoch_s", "epoch_ms", *PATTERNS)),
)


class FeedbackOptions(OptionsForm):
    """Where the pieces come from, and what they are where no column says it."""

    origin = forms.CharField(
        max_length=60,
        label="The system they come from",
        initial=DEFAULT_ORIGIN,
        help_text="As zendesk. With the id of each piece there, nothing comes in twice.",
    )
    channel = forms.ChoiceField(label="Channel, where no column says", initial="other")
    kind = forms.ChoiceField(label="Kind, where no column says", choices=KIND_CHOICES, initial="other")
    said_on = forms.DateField(
        label="Said on, where no column says", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    day_format = forms.ChoiceField(label="Days are written as", choices=_DAYS, required=False)
    language = forms.ChoiceField(
        required=False,
        choices=[("", "Not said"), *sorted(((k, n) for k, (n, _) in LANGUAGES.items()), key=lambda x: x[1])],
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read them", initial=Visibility.TEAM)
    parent = forms.CharField(
        required=False, max_length=120, label="New themes go below", help_text="The name of a theme; made if missing."
    )
    apart = forms.ChoiceField(choices=APART, initial="line", label="Several themes in a cell are told apart by")
    is_html = forms.BooleanField(
        required=False, label="Texts are written in HTML", help_text="Their words are taken, not the markup."
    )
    row_is_person = forms.BooleanField(
        required=False,
        label="Each row's id is a person",
        help_text="Of a survey: whoever answered counts as one person, known by the id.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = list(Channel.objects.in_use().values_list("slug", "name"))
        self.fields["said_on"].initial = timezone.localdate()

    def clean_origin(self) -> str:
        """Keep it in one form: it is part of each piece's identity."""
        return " ".join(self.cleaned_data["origin"].split()).lower()
