"""The form that saves an insight."""

import json
from typing import Any

from django import forms
from django.conf import settings

from insights.explore.contracts import CHART_TYPES
from insights.questions.public import parse_question
from portal.people.public import Visibility
from portal.shell.public import BadInput


class InsightForm(forms.Form):
    """Title, words and reach of an insight; the question comes along as JSON."""

    title = forms.CharField(
        max_length=200, help_text="Say what the number is, such as “Weekly active people, Planner”."
    )
    description = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="What it is for, and how to read it."
    )
    chart = forms.ChoiceField(choices=list(CHART_TYPES.items()), label="Chart")
    tags = forms.CharField(required=False, help_text="Words to find it by, with commas between them.")
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    question = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, now: Any, charts: tuple[str, ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.now = now
        if charts:
            self.fields["chart"].choices = [(name, CHART_TYPES[name]) for name in charts]

    def clean_tags(self) -> list[str]:
        """Return the tags as a list."""
        return [tag.strip() for tag in self.cleaned_data["tags"].split(",") if tag.strip()]

    def clean_question(self) -> Any:
        """Return the question, parsed."""
        try:
            value = json.loads(self.cleaned_data["question"])
            return parse_question(value, now=self.now, default_zone=settings.WORKSPACE_TIME_ZONE)
        except ValueError as error:
            raise forms.ValidationError("The question cannot be read. Go back to Explore and save again.") from error
        except BadInput as error:
            raise forms.ValidationError(
                [f"{path}: {text}" for path, texts in error.fields.items() for text in texts]
            ) from error
