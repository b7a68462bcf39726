"""The forms of pulses, and the form in which one is answered."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from portal.people.public import OwnerField, Product, Visibility
from roadmaps.goals.public import Objective
from roadmaps.pulses.contracts import BEST, RATINGS
from roadmaps.pulses.models import Pulse, PulseGoal

_MOST_OFFERED = 200
SCALE = {1: "not at all", 2: "a little", 3: "half and half", 4: "mostly", 5: "fully"}


class GoalsField(forms.ModelMultipleChoiceField):
    """Objectives to be ranked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Objective) -> str:
        """Return its title with its cycle and product."""
        return f"{obj.title} ({obj.cycle}, {obj.product or 'the company'})"


class PulseForm(forms.Form):
    """What a pulse asks about, and until when."""

    product = forms.ChoiceField()
    name = forms.CharField(max_length=120, help_text="The subject of the mail: “How aligned are we? Autumn 2026”.")
    goals = GoalsField(
        Objective.objects.none(),
        label="Goals to be ranked",
        help_text="2 to 7. Whoever is asked reads their titles, without signing in.",
    )
    closes_on = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Numbers are shown once it is closed: then, or when somebody closes it before.",
    )
    sender = forms.CharField(
        max_length=120, required=False, label="Who asks", help_text="As people read it: “Mara of Planner”."
    )
    owner = OwnerField()
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may see the numbers")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: Any, products: Sequence[Product] = (), pulse: Pulse | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        goals = Objective.objects.visible_to(user).filter(state=Objective.State.OPEN)
        team_ids = {product.team_id for product in products}
        if pulse is not None:
            del self.fields["product"]
            chosen = pulse.goals.exclude(objective=None).values("objective")
            goals = goals.filter(product__in=[None, pulse.product]) | goals.filter(product=None)
            goals = goals | Objective.objects.visible_to(user).filter(pk__in=chosen)
            team_ids = {pulse.team_id}
        else:
            self.products = {product.slug: product for product in products}
            self.fields["product"].choices = [(product.slug, product.name) for product in products]
        goals = goals.select_related("cycle", "product").order_by("product__name", "-cycle__starts_on", "title", "pk")
        field = self.fields["goals"]
        field.queryset = goals
        field.choices = [(one.pk, field.label_from_instance(one)) for one in goals.distinct()[:_MOST_OFFERED]]
        self.fields["owner"].offer(team_ids, user.pk, pulse.owner_id if pulse else None)

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]


class FunctionForm(forms.Form):
    """People of one function."""

    name = forms.CharField(
        max_length=60,
        label="Function",
        help_text="Such as Product, Design, Engineering, Marketing; put small ones together.",
    )
    addresses = forms.CharField(
        label="E-mail addresses",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One a line, or with commas between. They are kept until the pulse is closed, then deleted.",
    )

    def clean_addresses(self) -> list[str]:
        """Return the addresses one by one; of “Ann <ann@example.com>” the part in brackets."""
        parts = re.split(r"[\n,;]+", self.cleaned_data["addresses"])
        return [re.sub(r"^.*<([^<>]+)>\s*$", r"\1", part.strip()) for part in parts if part.strip()]


class PulseAnswerForm(forms.Form):
    """The three questions, as whoever is asked sees them: plain controls, nothing to write."""

    def __init__(self, *args: Any, goals: Sequence[PulseGoal], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.goals = goals
        ranks = [("", "not ranked"), *((str(rank), _say_rank(rank, len(goals))) for rank in range(1, len(goals) + 1))]
        for goal in goals:
            self.fields[f"rank_{goal.place}"] = forms.TypedChoiceField(
                coerce=int, empty_value=None, required=False, choices=ranks, label=goal.title
            )
        for name in RATINGS:
            choices = [*((str(score), SCALE[score]) for score in range(1, BEST + 1)), ("", "I cannot say")]
            self.fields[name] = forms.TypedChoiceField(
                coerce=int, empty_value=None, required=False, choices=choices, widget=forms.RadioSelect
            )

    @property
    def rows(self) -> list[Any]:
        """Return the fields of the goals in the order in which they are asked."""
        return [self[f"rank_{goal.place}"] for goal in self.goals]

    @property
    def answer(self) -> dict[str, Any]:
        """Return what was answered, the ranks by the places of the goals."""
        places = range(len(self.goals))
        ranks = [self.cleaned_data.get(f"rank_{place}") for place in places]
        return {"ranks": ranks, **{name: self.cleaned_data.get(name) for name in RATINGS}}


def _say_rank(rank: int, n: int) -> str:
    return f"{rank} matters most" if rank == 1 else f"{rank} matters least" if rank == n else str(rank)
