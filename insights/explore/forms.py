"""Forms: saving an insight, and the filters of the list of insights."""

import json
from typing import Any

from django import forms
from django.conf import settings

from insights.explore.contracts import CHART_TYPES
from insights.explore.models import Insight
from insights.questions.public import QUESTION_KINDS, parse_question
from portal.people.public import Product, Visibility
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


SORTS = {
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "updated": ("updated_at", "pk"),
    "-updated": ("-updated_at", "-pk"),
}


class InsightFilterForm(forms.Form):
    """What the list of insights shows; part of its address."""

    text = forms.CharField(required=False, label="Search", widget=forms.TextInput(attrs={"type": "search"}))
    product = forms.ModelChoiceField(
        Product.objects.none(), required=False, empty_label="All products", to_field_name="slug"
    )
    kind = forms.ChoiceField(required=False, label="Kind")
    tag = forms.CharField(required=False)
    starred = forms.BooleanField(required=False, label="Starred by me")

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["product"].queryset = Product.objects.visible_to(user)
        self.fields["kind"].choices = [
            ("", "All kinds"),
            *((name, kind.title) for name, kind in QUESTION_KINDS.items()),
        ]

    def find(self, sort: str) -> Any:
        """Return the insights that fit, sorted."""
        insights = Insight.objects.visible_to(self.user).with_stars(self.user).select_related("product", "owner")
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("text"):
            insights = insights.matching(wanted["text"])
        if wanted.get("product"):
            insights = insights.filter(product=wanted["product"])
        if wanted.get("kind"):
            insights = insights.filter(question__kind=wanted["kind"])
        if wanted.get("tag"):
            insights = insights.filter(tags__contains=[wanted["tag"].lower()])
        if wanted.get("starred"):
            insights = insights.filter(is_starred=True)
        return insights.order_by(*SORTS.get(sort, SORTS["-updated"]))
