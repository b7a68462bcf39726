"""What people type about alerts, incidents and days off."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from insights.alerts.choosing import find_subject, list_choices
from insights.alerts.contracts import Condition
from insights.alerts.models import Alert
from insights.alerts.words import SENSES
from insights.dashboards.forms import editable_products
from portal.messages.public import Webhook
from portal.people.public import Product, User, Visibility, possible_owners
from portal.shell.public import BadInput

KINDS = [
    ("unlike", "it is unlike its own past"),
    ("above", "it is above a limit"),
    ("below", "it is below a limit"),
    ("change", "it changes by more than a percentage"),
    ("late", "a source's new data is late"),
]


_MOST_PEOPLE = 500


def _who_may_be_told(user: Any, told: Iterable[int | None]) -> QuerySet[User]:
    """Return the people of the user's teams and those who are told already; ops choose among all."""
    return User.objects.filter(is_active=True) if user.is_ops else possible_owners(user.team_ids, user.pk, *told)


class AlertForm(forms.Form):
    """An alert: what is watched, when it tells, and whom."""

    name = forms.CharField(max_length=120, label="Name", help_text="For example: sign-ups dropped.")
    subject = forms.ChoiceField(label="Watch", choices=[])
    kind = forms.ChoiceField(label="Tell when", choices=KINDS, widget=forms.RadioSelect, initial="unlike")
    sense = forms.ChoiceField(
        label="How readily",
        choices=[(name, name.capitalize()) for name in SENSES],
        initial="normal",
        required=False,
        help_text=" ".join(f"{name.capitalize()}: {words}." for name, words in SENSES.items())
        + " Compared with what its weekdays, its level and its usual noise lead one to expect. "
        "Needs four weeks of days, three of hours, or 16 weeks.",
    )
    value = forms.FloatField(label="Limit", required=False, help_text="In the unit of what is watched; a share in %.")
    percent = forms.FloatField(label="By more than (%)", required=False, min_value=0, max_value=100_000)
    against = forms.ChoiceField(
        label="Compared with",
        choices=[("week", "the same weekday or hour of the week before"), ("previous", "the period before")],
        required=False,
    )
    least = forms.FloatField(
        label="And by at least", required=False, min_value=0, help_text="So that 2 instead of 1 is not “+100 %”."
    )
    side = forms.ChoiceField(
        label="Direction",
        choices=[("either", "up or down"), ("down", "down only"), ("up", "up only")],
        required=False,
    )
    grace_min = forms.IntegerField(
        label="Minutes after the promise", required=False, min_value=0, max_value=1440, initial=30
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Who is told",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="In the portal and by mail; in their quiet hours the mail waits.",
    )
    webhooks = forms.ModelMultipleChoiceField(
        Webhook.objects.none(),
        label="My webhooks that are told",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    owner = forms.ModelChoiceField(User.objects.filter(is_active=True), label="Owner", required=False)
    visibility = forms.ChoiceField(label="Who may read it", choices=Visibility.choices)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        user: Any,
        extra: tuple[str, str] | None = None,
        told: Iterable[int | None] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        groups = list_choices(user)
        known = {key for _, choices in groups for key, _ in choices}
        if extra and extra[0] not in known:
            groups.insert(0, ("Chosen", [extra]))
        self.fields["subject"].choices = [("", "Choose …"), *((name, choices) for name, choices in groups if choices)]
        everybody = _who_may_be_told(user, told).order_by("name", "pk")
        people = [(one.pk, str(one)) for one in everybody[:_MOST_PEOPLE]]  # read once, for both fields
        self.fields["people"].queryset = self.fields["owner"].queryset = everybody
        self.fields["people"].choices, self.fields["owner"].choices = people, [("", "Nobody"), *people]
        hooks = list(Webhook.objects.visible_to(user))
        self.fields["webhooks"].queryset = Webhook.objects.visible_to(user)
        self.fields["webhooks"].choices = [(one.pk, f"{one.name} ({one.host})") for one in hooks]
        if not hooks:
            del self.fields["webhooks"]

    def clean(self) -> dict[str, Any]:
        """Find what is watched and read the condition; each fault at its field."""
        cleaned = super().clean() or {}
        if cleaned.get("subject"):
            try:
                self.found = find_subject(cleaned["subject"], self.user)
            except BadInput as error:
                self.add_error("subject", [text for texts in error.fields.values() for text in texts])
        needed = {"above": ["value"], "below": ["value"], "change": ["percent"]}.get(cleaned.get("kind") or "", [])
        for name in needed:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, "Type a number.")
        return cleaned

    @property
    def condition(self) -> Condition:
        """Return the condition that was typed."""
        cleaned = self.cleaned_data
        kind, side = cleaned["kind"], cleaned.get("side") or "either"
        if kind in ("above", "below"):
            question = self.found.asks or {}
            is_rate = question.get("kind") in ("funnel", "retention")
            return Condition("threshold", side=kind, value=cleaned["value"] / 100 if is_rate else cleaned["value"])
        if kind == "change":
            against = cleaned.get("against") or "previous"
            least = cleaned.get("least") or 0.0
            return Condition("change", side=side, percent=cleaned["percent"], against=against, least=least)
        if kind == "late":
            return Condition("late", grace_min=cleaned.get("grace_min") or 0)
        return Condition("unlike", side=side, sense=cleaned.get("sense") or "normal")

    def values(self) -> dict[str, Any]:
        """Return what is to be stored."""
        cleaned = self.cleaned_data
        webhooks = cleaned.get("webhooks")
        return {
            "name": cleaned["name"],
            "owner": cleaned["owner"],
            "visibility": cleaned["visibility"],
            "people": list(cleaned["people"]),
            "webhooks": list(webhooks) if webhooks is not None else None,
        }

    @staticmethod
    def initial_of(alert: Alert, key: str, is_rate: bool) -> dict[str, Any]:
        """Return an alert as the form shows it."""
        rule = alert.rule
        kind = rule.side if rule.kind == "threshold" else rule.kind
        return {
            "name": alert.name,
            "subject": key,
            "kind": kind,
            "sense": rule.sense,
            "value": rule.value * (100 if is_rate else 1) if rule.kind == "threshold" else None,
            "percent": rule.percent or None,
            "against": rule.against,
            "least": rule.least or None,
            "side": rule.side if rule.side in ("either", "up", "down") else "either",
            "grace_min": rule.grace_min,
            "people": alert.told_ids,
            "webhooks": alert.told_hook_ids,
            "owner": alert.owner_id,
            "visibility": alert.visibility,
            "revision": alert.revision,
        }


class SnoozeForm(forms.Form):
    """Until when an incident is left alone, on the reader's clock."""

    until = forms.DateTimeField(
        label="Until",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_until(self) -> Any:
        """Return the moment, aware."""
        until = self.cleaned_data["until"]
        return (
            timezone.make_aware(timezone.make_naive(until), ZoneInfo(self.zone)) if timezone.is_aware(until) else until
        )


class ResolveForm(forms.Form):
    """How an incident ended."""

    note = forms.CharField(
        max_length=250,
        required=False,
        label="What it was",
        help_text="For example: outage of the sign-up service, mended.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_drawn = forms.BooleanField(
        required=False, initial=True, label="Draw the note on the product's charts, on the days of the incident"
    )


class DayOffForm(forms.Form):
    """A day on which nothing is as usual."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(max_length=100, label="What it is", help_text="For example: Christmas Day.")
    product = forms.ModelChoiceField(Product.objects.none(), label="Product", required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        field.queryset = Product.objects.filter(pk__in=editable_products(user))
        field.empty_label = "all products" if user.is_ops else None
        field.required = not user.is_ops
