"""The forms of prototypes and their tests."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from insights.contacts.public import LONGEST_ID
from portal.people.public import OwnerField, Product, Visibility
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.opportunities.public import Opportunity
from roadmaps.planning.prototypes.contracts import SUS_STATEMENTS
from roadmaps.planning.prototypes.models import Prototype, PrototypeTask, PrototypeTest, TaskOutcome

_MOST_OFFERED = 300
_AGREES = (("", "\u2013"), (1, "1 strongly disagree"), (2, "2"), (3, "3"), (4, "4"), (5, "5 strongly agree"))


class ThingField(forms.ModelChoiceField):
    """An initiative or an opportunity of some products; the newest are offered, and the one that is chosen."""

    def offer(self, rows: Any, chosen: int | None) -> None:
        """Set what may be chosen."""
        self.queryset = rows
        named = list(rows.order_by("-pk").values_list("pk", "title")[:_MOST_OFFERED])
        if chosen is not None and all(pk != chosen for pk, _ in named):
            named += rows.filter(pk=chosen).values_list("pk", "title")
        self.choices = [("", self.empty_label), *sorted(named, key=lambda pair: pair[1].casefold())]


class PrototypeForm(forms.Form):
    """What is shown to people, and what it is to find out."""

    product = forms.ChoiceField()
    title = forms.CharField(max_length=200)
    hypothesis = forms.CharField(
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What you believe, and what you would see if it were wrong. Markdown.",
    )
    fidelity = forms.ChoiceField(choices=Prototype.Fidelity.choices, help_text="How real it looks.")
    url = forms.URLField(
        required=False, max_length=1000, label="Link", assume_scheme="https", help_text="Where it can be tried."
    )
    tasks = forms.CharField(
        required=False,
        max_length=7_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What people are asked to do with it, one task a line, such as “Invite a colleague”.",
    )
    initiative = ThingField(Initiative.objects.none(), required=False, empty_label="None")
    opportunity = ThingField(Opportunity.objects.none(), required=False, empty_label="None")
    owner = OwnerField()
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may see it")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        user: Any,
        products: Sequence[Product] = (),
        prototype: Prototype | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        ids = [prototype.product_id] if prototype else [one.pk for one in products]
        if prototype is not None:
            del self.fields["product"]
        else:
            self.products = {product.slug: product for product in products}
            self.fields["product"].choices = [(product.slug, product.name) for product in products]
        for name, model in (("initiative", Initiative), ("opportunity", Opportunity)):
            rows = model.objects.visible_to(user).filter(product__in=ids)
            self.fields[name].offer(rows, getattr(prototype, f"{name}_id") if prototype else self.initial.get(name))
        teams = {prototype.team_id} if prototype else {product.team_id for product in products}
        self.fields["owner"].offer(teams, user.pk, prototype.owner_id if prototype else None)

    def clean_product(self) -> Product:
        """Return the product that was chosen."""
        return self.products[self.cleaned_data["product"]]

    def clean_tasks(self) -> list[str]:
        """Return the tasks one by one."""
        return [line.strip() for line in self.cleaned_data["tasks"].splitlines() if line.strip()]


class PrototypeFileForm(forms.Form):
    """The prototype as a file."""

    file = forms.FileField(help_text="A picture, a PDF or slides; at most 10 MB. It is saved by readers, never shown.")


class DecisionForm(forms.Form):
    """What becomes of a prototype."""

    decision = forms.ChoiceField(
        choices=Prototype.Decision.choices, widget=forms.RadioSelect, label="What becomes of it"
    )
    why = forms.CharField(
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What was learned. Whoever tries something alike reads it first.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class TestForm(forms.Form):
    """What one person did with a prototype."""

    __test__ = False

    person = forms.CharField(
        required=False,
        max_length=LONGEST_ID,
        label="Who tried it, if known",
        help_text="Their id or e-mail address as Voice knows them, or nothing. For the team and ops alone.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    held_on = forms.DateField(
        label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=timezone.localdate
    )

    def __init__(self, *args: Any, tasks: Sequence[PrototypeTask], test: PrototypeTest | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.tasks = tasks
        choices = [("", "not tried"), *TaskOutcome.Outcome.choices]
        for task in tasks:
            self.fields[f"task_{task.pk}"] = forms.ChoiceField(required=False, choices=choices, label=task.text)
        for number, statement in enumerate(SUS_STATEMENTS, 1):
            self.fields[f"sus_{number}"] = forms.TypedChoiceField(
                coerce=int, empty_value=None, required=False, choices=_AGREES, label=f"{number}. {statement}"
            )
        for field in self.fields.values():
            field.is_needed = True  # not called optional: “not tried” is an answer
        self.fields["notes"] = forms.CharField(
            required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}), help_text="For the team alone."
        )
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Put tasks and SUS together, each under one name."""
        data = super().clean() or {}
        sus = [data.pop(f"sus_{number}", None) for number in range(1, len(SUS_STATEMENTS) + 1)]
        outcomes = {task.pk: data.pop(f"task_{task.pk}", "") for task in self.tasks}
        data["outcomes"] = {pk: outcome for pk, outcome in outcomes.items() if outcome}
        data["sus"] = sus if all(sus) else []
        if any(sus) and not all(sus):
            self.add_error(f"sus_{1 + sus.index(None)}", "Give all ten answers, or none.")
        return data
