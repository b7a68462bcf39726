"""The forms of the library: a playbook with its steps, and what is decided about it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from playbooks.library.actions.texts import LONGEST, LONGEST_BODY, LONGEST_STEP, MOST_DAYS, MOST_STEPS, steps_of
from playbooks.library.contracts import PARTS, REVIEW_DAYS, StepText
from playbooks.library.models import Playbook, PlaybookStep, PlaybookVersion, Stage
from portal.people.public import OwnerField, Team, User, Visibility

_MANY_ROWS = {"rows": 3}


def _area(longest: int, label: str, help_text: str, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=longest,
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class _Names(forms.CharField):
    """Names with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        """Return the names as one line."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the names one by one."""
        return [one.strip() for one in super().clean(value).split(",") if one.strip()]


class PlaybookForm(forms.Form):
    """What a playbook says, who owns it and who verifies it; steps are rows of their own."""

    team = forms.ModelChoiceField(queryset=Team.objects.none(), to_field_name="slug", empty_label=None)
    title = forms.CharField(max_length=200, help_text="As people would look for it: “Customer interview round”.")
    purpose = _area(LONGEST["purpose"], "Purpose", "What is better afterwards, in a sentence or two.", 2)
    when_to_use = _area(LONGEST["when_to_use"], "When and why", "When to take this one, and when another.")
    stage = forms.ChoiceField(choices=Stage.choices, help_text="Where in the loop it helps.")
    tags = _Names(required=False, max_length=600, help_text="Separated by commas.")
    responsible = _Names(required=False, max_length=600, help_text="Roles that do the work, separated by commas.")
    accountable = _Names(required=False, max_length=100, help_text="The one role that answers for the result.")
    consulted = _Names(required=False, max_length=600, help_text="Roles that are asked.")
    informed = _Names(required=False, max_length=600, help_text="Roles that hear of it.")
    inputs = _area(LONGEST["inputs"], "What goes in", "What must be there before one begins. Markdown.")
    outputs = _area(LONGEST["outputs"], "What comes out", "What is there afterwards. Markdown.")
    body = _area(
        LONGEST_BODY,
        "Text",
        "Markdown: ## headings, tables, - [ ] tasks, > [!TIP] callouts, links to pages of the portal.",
        18,
    )
    owner = OwnerField(help_text="Hears of it when the next review is due.")
    verifier = OwnerField(help_text="Decides about drafts, beside ops.")
    review_days = forms.IntegerField(
        min_value=1, max_value=MOST_DAYS, initial=REVIEW_DAYS, label="Days between reviews"
    )
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it once it is published")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        user: Any,
        teams: Sequence[Team] = (),
        playbook: Playbook | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        if playbook is None:
            self.fields["team"].queryset = Team.objects.filter(pk__in=[team.pk for team in teams])
            team_ids = [team.pk for team in teams]
        else:
            del self.fields["team"]
            team_ids = [playbook.team_id]
        known = [playbook.owner_id, playbook.verifier_id] if playbook else []
        for name in ("owner", "verifier"):
            self.fields[name].offer(team_ids, user.pk, *known)

    def clean_body(self) -> str:
        """Return the text with the ends of lines that files have."""
        return self.cleaned_data["body"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Put the parts of the responsibility chart together."""
        data = super().clean() or {}
        data["roles"] = {part: names for part in PARTS if (names := data.pop(part, None))}
        return data


def start_of(playbook: Playbook) -> dict[str, Any]:
    """Return what the form of a playbook starts with: its draft, else what is published."""
    return {
        **start_of_text(playbook.draft or playbook.face),
        "owner": playbook.owner_id,
        "verifier": playbook.verifier_id,
        "review_days": playbook.review_days,
        "visibility": playbook.visibility,
        "revision": playbook.revision,
    }


def start_of_text(version: PlaybookVersion) -> dict[str, Any]:
    """Return what the text fields of a form start with."""
    names = ("title", "purpose", "when_to_use", "stage", "tags", "inputs", "outputs", "body")
    return {**{name: getattr(version, name) for name in names}, **{one: version.roles.get(one, []) for one in PARTS}}


class StepForm(forms.Form):
    """One step; a row without a title is none."""

    place = forms.IntegerField(required=False, min_value=0, max_value=999)
    title = forms.CharField(required=False, max_length=200, label="Step")
    who = forms.CharField(required=False, max_length=100)
    due_days = forms.IntegerField(required=False, min_value=0, max_value=MOST_DAYS, label="Due in days")
    due_from = forms.ChoiceField(choices=PlaybookStep.DueFrom.choices, required=False, label="Counted")
    text = forms.CharField(
        required=False, max_length=LONGEST_STEP, label="How", widget=forms.Textarea(attrs=_MANY_ROWS)
    )


StepForms = forms.formset_factory(StepForm, extra=3, max_num=MOST_STEPS, absolute_max=MOST_STEPS)


def start_of_steps(playbook: Playbook) -> list[dict[str, Any]]:
    """Return what the rows of the steps start with."""
    steps = steps_of(playbook.draft or playbook.face)
    return [
        {
            "place": place,
            "title": step.title,
            "who": step.who,
            "due_days": step.due_days,
            "due_from": step.due_from,
            "text": step.text,
        }
        for place, step in enumerate(steps, start=1)
    ]


def steps_in(rows: Any) -> list[StepText]:
    """Return the steps of filled rows in the order of their places; rows without one keep theirs, at the end."""
    filled = [row.cleaned_data for row in rows if row.cleaned_data.get("title", "").strip()]
    filled.sort(key=lambda row: row["place"] if row.get("place") is not None else 1_000)
    return [
        StepText(
            row["title"],
            row["text"].replace("\r\n", "\n"),
            row["who"],
            row["due_days"],
            row["due_from"] or "start",
        )
        for row in filled
    ]


class NoteForm(forms.Form):
    """What is new in a version."""

    note = forms.CharField(required=False, max_length=300, label="What is new in it")
    revision = forms.IntegerField(widget=forms.HiddenInput)


class DeclineForm(forms.Form):
    """Why a draft is given back."""

    why = forms.CharField(max_length=500, label="Why not yet")
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RetireForm(forms.Form):
    """Why a playbook holds no more, and what to use in its place."""

    why = forms.CharField(required=False, max_length=300, label="Why it holds no more")
    successor = forms.ModelChoiceField(
        queryset=Playbook.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label="None",
        label="What to use in its place",
    )

    def __init__(self, *args: Any, user: User, playbook: Playbook, **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = Playbook.objects.visible_to(user).in_force().exclude(pk=playbook.pk)
        self.fields["successor"].queryset = others.select_related("face").order_by("face__title", "pk")


class RulesForm(forms.Form):
    """The rules of the library."""

    has_four_eyes = forms.BooleanField(
        required=False,
        label="Four eyes",
        help_text="What somebody wrote is published by somebody else, after a review.",
    )


class ImportForm(forms.Form):
    """A file of playbooks, and whose they become."""

    file = forms.FileField(label="Markdown file or ZIP", help_text="A folder of Markdown files, packed as ZIP.")
    team = forms.ModelChoiceField(
        queryset=Team.objects.all(),
        to_field_name="slug",
        empty_label=None,
        help_text="New playbooks belong to it; known ones stay with theirs.",
    )
    publishes = forms.BooleanField(
        required=False, label="Publish at once", help_text="What says what it is for; the rest stays a draft."
    )

    def __init__(self, *args: Any, has_four_eyes: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if has_four_eyes:
            del self.fields["publishes"]
