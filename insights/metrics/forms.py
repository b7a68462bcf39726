"""What people type about metrics: words, a definition, a proposal, a decision, and what one is put together from."""

import json
from typing import Any

from django import forms

from insights.explore.public import product_of
from insights.metrics.actions.parts import MOST_PARTS
from insights.metrics.contracts import INTERVALS
from insights.metrics.forming import read_definition
from insights.metrics.models import Metric, MetricVersion
from insights.questions.words import INTERVAL_WORDS
from portal.people.public import Role, User, Visibility
from portal.shell.public import BadInput

_UNREADABLE = "The question cannot be read. Go back to Explore and try again."
INTERVAL_CHOICES = [(name, f"One number a {INTERVAL_WORDS[name]}") for name in INTERVALS]


def _tags(text: str) -> list[str]:
    return [tag.strip() for tag in text.split(",") if tag.strip()]


class DefinitionForm(forms.Form):
    """The part of a form that makes a definition: the question comes along as JSON."""

    interval = forms.ChoiceField(choices=INTERVAL_CHOICES, label="Period")
    column = forms.IntegerField(
        label="Periods later",
        min_value=1,
        max_value=61,
        help_text="The share that comes back so many periods after they began.",
    )
    unit = forms.CharField(
        max_length=40, required=False, help_text="What is counted, such as “people” or “€ a month”. Rates are in %."
    )
    direction = forms.ChoiceField(choices=MetricVersion.Direction.choices, label="Which way is good")
    question = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Any, now: Any, kind: str, metric: Metric | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor, self.now, self.metric = actor, now, metric
        if kind != "retention":
            del self.fields["column"]
        if kind in ("funnel", "retention"):
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        """Add the definition and its product; each fault stands beside its field."""
        found = super().clean() or {}
        if self.errors:
            return found
        try:
            value = json.loads(found["question"])
            if not isinstance(value, dict):
                raise ValueError
        except ValueError:
            self.add_error(None, _UNREADABLE)
            return found
        try:
            product = self.metric.product if self.metric else self._product(value)
            given = {name: found[name] for name in ("interval", "column", "unit", "direction") if name in found}
            found["definition"] = read_definition(value, product=product, actor=self.actor, now=self.now, **given)
            found["product"] = product
        except BadInput as error:
            self.show(error)
        return found

    def _product(self, value: dict[str, Any]) -> Any:
        slugs = {name: value.get(name) if isinstance(value.get(name), list) else [] for name in ("products", "sources")}
        return product_of(_Scope(**slugs), self.actor)

    def show(self, error: BadInput) -> None:
        """Put the faults of an action beside their fields."""
        if not error.fields:
            self.add_error(None, error.message)
        for path, said in error.fields.items():
            for sentence in said:
                self.add_error(path if path in self.fields else None, sentence)


class _Scope:
    """What `product_of` reads of a question."""

    def __init__(self, products: list[str], sources: list[str]):
        self.products, self.sources = products, sources


class MetricForm(DefinitionForm):
    """A new metric: its name and words, and its definition."""

    name = forms.CharField(max_length=120, help_text="Say what the number is, such as “Weekly active people”.")
    description = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it means, what it leaves out, and how to read it.",
    )
    tags = forms.CharField(required=False, help_text="Words to find it by, with commas between them.")
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    field_order = ["name", "description", "interval", "column", "unit", "direction", "tags", "visibility", "question"]

    def clean_tags(self) -> list[str]:
        """Return the tags as a list."""
        return _tags(self.cleaned_data["tags"])


class ProposalForm(DefinitionForm):
    """Another definition for a metric, and why."""

    reason = forms.CharField(
        max_length=1000,
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is wrong with the number as it is, and what gets better. It is kept with the version.",
    )
    field_order = ["interval", "column", "unit", "direction", "reason", "question"]


class WordsForm(forms.ModelForm):
    """What a metric says of itself; its definition is changed elsewhere."""

    tags = forms.CharField(required=False, help_text="Words to find it by, with commas between them.")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Metric
        fields = ["name", "description", "owner", "tags", "visibility"]
        labels = {"visibility": "Who may read it"}
        help_texts = {"owner": "Decides about changes of its definition: a product manager of its team, or ops."}
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).exclude(role=Role.VIEWER)
        ops = people.filter(role__in=[Role.OPS, Role.ADMIN])
        self.fields["owner"].queryset = (people.filter(teams=self.instance.team_id) | ops).distinct()
        self.fields["visibility"].choices = Visibility.choices
        self.initial |= {"tags": ", ".join(self.instance.tags), "revision": self.instance.revision}

    def clean_tags(self) -> list[str]:
        """Return the tags as a list."""
        return _tags(self.cleaned_data["tags"])

    def _post_clean(self) -> None:
        """Leave the instance as it is: the action compares what is stored with what is sent."""


class DecisionForm(forms.Form):
    """Words with a decision; needed where a proposal is declined."""

    decision = forms.CharField(
        required=False,
        max_length=1000,
        label="Your words",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed when you decline. They are kept with the version, and sent to whoever proposed it.",
    )


class PartsForm(forms.Form):
    """How a metric is put together: the rule, and its parts in order."""

    rule = forms.ChoiceField(choices=Metric.Rule.choices, required=False, label="Put together as")

    def __init__(self, *args: Any, metrics: Any, n_rows: int = 6, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rows = min(n_rows, MOST_PARTS)
        self.metrics = {str(metric.pk): metric for metric in metrics}  # read once for all rows
        choices = [("", "none"), *((pk, metric.name) for pk, metric in self.metrics.items())]
        for number in range(1, self.rows + 1):
            self.fields[f"part_{number}"] = forms.ChoiceField(choices=choices, required=False, label=f"Part {number}")
            self.fields[f"minus_{number}"] = forms.BooleanField(required=False, label="taken away (in a sum)")
        for field in self.fields.values():
            field.is_needed = True  # none is called optional: an empty one says “none”

    def parts(self) -> list[tuple[Metric, int]]:
        """Return the chosen parts with their signs."""
        found = self.cleaned_data
        rows = [(found.get(f"part_{number}"), found.get(f"minus_{number}")) for number in range(1, self.rows + 1)]
        return [(self.metrics[part], -1 if is_minus else 1) for part, is_minus in rows if part]
