"""The forms of themes and of links to them."""

from collections.abc import Sequence
from typing import Any

from django import forms

from insights.voice.feedback.public import Feedback
from insights.voice.highlights.public import PartField
from insights.voice.texts.public import LONGEST_QUOTE
from insights.voice.themes.contracts import Branch, Node
from insights.voice.themes.models import Importance, Theme
from portal.people.public import Visibility

_INDENT = "\u2003"


def theme_choices(branches: Sequence[Branch], nodes: Sequence[Node]) -> list[tuple[int, str]]:
    """Return the live themes for a menu, each below its parent."""
    names = {branch.id: branch.name for branch in branches}
    return [(node.id, f"{_INDENT * node.depth}{names[node.id]}") for node in nodes]


class ThemeForm(forms.Form):
    """A theme's name, what belongs to it, and its place."""

    name = forms.CharField(max_length=120, help_text="As a customer would say it, such as “I cannot get my team in”.")
    description = forms.CharField(
        required=False,
        max_length=4_000,
        label="What belongs to it",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    parent = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label="Part of", help_text="The larger theme, if there is one."
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", "Nothing: it stands at the top"), *choices]


class MergeForm(forms.Form):
    """The theme that another shall count as."""

    into = forms.TypedChoiceField(coerce=int, label="It counts as")

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = choices


class SplitForm(forms.Form):
    """The name of a new theme, and what goes into it."""

    name = forms.CharField(max_length=120, label="Name of the new theme")
    links = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple, label="What goes into it")

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["links"].choices = choices


class LinkForm(forms.Form):
    """A theme for a piece of feedback or for words of it; of a conversation, for words of it."""

    theme = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    new_theme = forms.CharField(required=False, max_length=120, label="Or a new theme")
    importance = forms.TypedChoiceField(
        coerce=int, choices=Importance.choices, initial=Importance.IMPORTANT, label="How much it matters to them"
    )
    quote = forms.CharField(
        required=False,
        max_length=LONGEST_QUOTE,
        strip=False,
        label="Words of the text",
        widget=forms.Textarea(attrs={"rows": 2, "data-quote": ""}),
        help_text="Select them in the text. Left empty, the whole piece is linked.",
    )
    start = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"data-quote-start": ""}))
    part = PartField()

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], piece: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [("", "Choose a theme"), *choices]
        if isinstance(piece, Feedback):
            del self.fields["part"]
        else:
            self.fields["quote"].required = True
            self.fields["quote"].help_text = "Select them in the transcript or in the notes."

    def clean(self) -> dict[str, Any]:
        """Take one theme: a known or a new one."""
        data = super().clean() or {}
        if bool(data.get("theme")) == bool((data.get("new_theme") or "").strip()):
            self.add_error("theme", "Choose a theme, or name a new one; not both.")
        return data


def start_of(theme: Theme) -> dict[str, Any]:
    """Return what the form of a theme starts with."""
    names = ("name", "description", "visibility", "version")
    return {**{name: getattr(theme, name) for name in names}, "parent": theme.parent_id or ""}
