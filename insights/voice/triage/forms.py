"""The forms of triage: one for each decision, all with the state of the piece that was seen."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from insights.voice.feedback.public import Cut, Feedback, cut
from insights.voice.texts.public import LONGEST_TEXT, excerpt
from insights.voice.themes.public import Importance
from insights.voice.triage.models import Decision
from portal.people.public import OwnerField, User, possible_owners

WHO_SAID_IT = "who-said-it"
MOST_IN_A_MENU = 50


class DecisionForm(forms.Form):
    """What every decision names: the version that was seen, and since when the piece is on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, piece: Feedback, **kwargs: Any):
        kwargs.setdefault("initial", {"version": piece.version, "shown": int(time.time()), **self.start(piece)})
        # Several of these forms stand on one page: each names its fields after itself.
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s", **kwargs})
        self.piece = piece

    def start(self, piece: Feedback) -> dict[str, Any]:
        """Return what the form starts with."""
        return {}

    @property
    def common(self) -> dict[str, Any]:
        """Return what every action takes: the version, and the seconds that the piece was on the screen."""
        shown = self.cleaned_data.get("shown")
        return {
            "version": self.cleaned_data["version"],
            "seconds": None if shown is None else max(0.0, time.time() - shown),
        }


class LinkForm(DecisionForm):
    """A theme for the piece: one that is suggested, one that is typed, or a new one."""

    importance = forms.TypedChoiceField(
        coerce=int,
        choices=Importance.choices,
        initial=Importance.IMPORTANT,
        widget=forms.RadioSelect,
        label="How much it matters to them",
    )
    theme = forms.CharField(
        required=False,
        max_length=120,
        label="Theme",
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "triage-themes", "data-mount": "picker"}),
    )
    suggested = forms.IntegerField(required=False, widget=forms.HiddenInput)
    make = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, themes: Mapping[str, int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.themes = themes
        self.fields["theme"].widget.attrs["data-none"] = "No theme is called that."
        self.fields["theme"].widget.attrs["aria-label"] = "Theme"

    def start(self, piece: Feedback) -> dict[str, Any]:
        """Return what the form starts with."""
        return {"importance": Importance.IMPORTANT}

    def clean(self) -> dict[str, Any]:
        """Find the theme that is meant; `pk` is its number, None for a new one."""
        data = super().clean() or {}
        name = " ".join((data.get("theme") or "").split())
        data["name"], data["pk"] = name, data.get("suggested")
        if data["pk"] is not None:
            if data["pk"] not in self.themes.values():
                self.add_error("theme", "This theme is gone. Choose another.")
        elif not name:
            self.add_error("theme", "Type the name of a theme, or take one that is suggested.")
        else:
            known = {one.casefold(): pk for one, pk in self.themes.items()}
            data["pk"] = known.get(name.casefold())
            if data["pk"] is None and not data.get("make"):
                self.add_error("theme", "No theme is called that. Correct it, or make it a new theme.")
        return data


class ArchiveForm(DecisionForm):
    """Why a piece belongs to no theme."""

    reason = forms.ChoiceField(choices=Decision.Reason.choices)
    note = forms.CharField(required=False, max_length=500)


class SplitForm(DecisionForm):
    """The text with a line of dashes wherever it is cut."""

    text = forms.CharField(
        label="Cut it",
        max_length=2 * LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Write a line of three dashes (---) wherever another piece begins. The words stay as they are.",
    )

    def start(self, piece: Feedback) -> dict[str, Any]:
        """Return what the form starts with."""
        return {"text": piece.text}

    def clean_text(self) -> list[str]:
        """Return the pieces, which hold the words of the whole."""
        pieces = cut(self.cleaned_data["text"], Cut.RULES)
        if len(pieces) < 2:
            raise forms.ValidationError("Write at least one line of three dashes, where the second piece begins.")
        if "".join("".join(pieces).split()) != "".join(self.piece.text.split()):
            raise forms.ValidationError("The words have changed. Only cut it here; its page is where it is edited.")
        return pieces


class AssignForm(DecisionForm):
    """The colleague who shall decide."""

    assignee = OwnerField(label="Who decides")

    def __init__(self, *args: Any, people: Sequence[User] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["assignee"]
        if people is None or len(people) > MOST_IN_A_MENU:
            field.offer([self.piece.team_id], self.piece.assignee_id)
        else:  # read already, for another form of the page
            field.queryset = possible_owners([self.piece.team_id], self.piece.assignee_id)
            field.choices = [("", field.empty_label), *((one.pk, str(one)) for one in people)]

    def start(self, piece: Feedback) -> dict[str, Any]:
        """Return what the form starts with."""
        return {"assignee": piece.assignee_id}


class AskForm(DecisionForm):
    """What is asked back, and of whom."""

    to = forms.ChoiceField(label="Ask")
    text = forms.CharField(label="What you want to know", max_length=4_000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, people: Sequence[User] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        found = possible_owners([self.piece.team_id]) if people is None else people
        self.people = {str(one.pk): one for one in found}
        names = [
            (pk, f"{one}{', who brought it' if one.pk == self.piece.owner_id else ''}")
            for pk, one in self.people.items()
        ]
        self.fields["to"].choices = [(WHO_SAID_IT, "Who said it: a draft for you to send"), *names]

    def start(self, piece: Feedback) -> dict[str, Any]:
        """Return a draft."""
        words = f"On {piece.said_on:%d %b %Y}".replace(" 0", " ")
        text = (
            f"{words} we heard: “{excerpt(piece.masked, 200)}”\n\n"
            "Could you tell me a little more: what happened, and what should have happened?"
        )
        is_brought = piece.owner_id is not None and piece.person_id is None
        return {"to": str(piece.owner_id) if is_brought else WHO_SAID_IT, "text": text}

    @property
    def colleague(self) -> User | None:
        """Return the colleague who is asked; nobody: it is a draft."""
        return self.people.get(self.cleaned_data["to"])
