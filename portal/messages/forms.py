"""The shapes of input about subscriptions, quiet hours and webhooks."""

from datetime import time
from typing import Any

from django import forms

from portal.messages.access import get_subject
from portal.messages.actions import subscriptions as actions
from portal.messages.models import QuietHours, Subscription, Webhook
from portal.messages.models.subscriptions import DAYS
from portal.messages.queries import list_offers
from portal.people.public import zone_choices
from portal.shell.public import PortalError

_BY_MAIL = "mail"
_AT = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class SubscriptionForm(forms.Form):
    """When and where a digest comes."""

    frequency = forms.ChoiceField(label="How often", choices=Subscription.Frequency.choices)
    weekday = forms.TypedChoiceField(
        label="Day of the week", choices=list(enumerate(DAYS)), coerce=int, help_text="For a weekly digest."
    )
    at = forms.TimeField(label="At", widget=_AT)
    time_zone = forms.ChoiceField(label="Time zone", choices=zone_choices)
    webhook = forms.ChoiceField(label="Where to", help_text="Webhooks are made in the tab beside subscriptions.")
    skips_unchanged = forms.BooleanField(
        label="Skip it when nothing changed",
        required=False,
        help_text="No number moved by more than its own noise, and nothing failed.",
    )

    def __init__(self, *args, user: Any, subscription: Subscription | None = None, **kwargs):
        initial = {"frequency": "weekly", "weekday": 0, "at": time(8), "time_zone": user.time_zone}
        if subscription is not None:
            initial = {name: getattr(subscription, name) for name in actions.CHOICES}
        webhook = initial.get("webhook")
        initial = {**initial, "webhook": str(webhook.pk) if webhook else _BY_MAIL, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.user, self.subscription = user, subscription
        self.webhooks = {str(one.pk): one for one in Webhook.objects.visible_to(user)}
        places = [(pk, str(one)) for pk, one in self.webhooks.items()]
        self.fields["webhook"].choices = [(_BY_MAIL, f"E-mail to {user.email}"), *places]

    def clean_webhook(self) -> Webhook | None:
        """Return the webhook, None for mail."""
        return self.webhooks.get(self.cleaned_data["webhook"])

    def clean(self) -> dict[str, Any]:
        """Say beside the form what the action would refuse."""
        values = super().clean()
        self._refuse_twin(values)
        return values

    def _refuse_twin(self, values: dict[str, Any]) -> None:
        if self.subscription is not None and not self.subscription.is_stopped and not self.errors:
            ways = {"kind": self.subscription.kind, "thing_id": self.subscription.thing_id}
            self._refuse(ways, values)

    def _refuse(self, about: dict[str, str], values: dict[str, Any]) -> None:
        ways = {**about, "frequency": values["frequency"], "webhook": values.get("webhook")}
        twins = Subscription.objects.live().filter(user=self.user, **ways)
        if twins.exclude(pk=self.subscription.pk if self.subscription else None).exists():
            self.add_error(None, actions.TWICE)

    def change(self, **values: Any) -> Subscription:
        """Change the subscription."""
        return actions.change_subscription(self.subscription, actor=self.user, **values)


class NewSubscriptionForm(SubscriptionForm):
    """What a digest is about, too."""

    about = forms.CharField(label="About", widget=forms.Select)
    field_order = ["about"]

    def __init__(self, *args, user: Any, wanted: str = "", **kwargs):
        super().__init__(*args, user=user, initial={"about": wanted}, **kwargs)
        offers = list_offers(user)
        known = {value for _, choices in offers for value, _ in choices}
        kind, _, thing_id = wanted.partition(":")
        if wanted and wanted not in known and (subject := get_subject(kind)):
            thing = subject.find(user, thing_id)
            offers = [(subject.label, [(wanted, subject.describe(thing)[0])]), *offers] if thing is not None else offers
        self.fields["about"].widget.choices = [("", "Choose what it is about"), *offers]

    def clean_about(self) -> tuple[str, str]:
        """Return kind and thing, if the person may see it."""
        kind, _, thing_id = self.cleaned_data["about"].partition(":")
        try:
            actions.find_thing(self.user, kind, thing_id)
        except PortalError:
            raise forms.ValidationError("There is no such thing, or it is not shared with you.") from None
        return kind, thing_id

    def _refuse_twin(self, values: dict[str, Any]) -> None:
        if not self.errors:
            self._refuse(dict(zip(("kind", "thing_id"), values["about"], strict=True)), values)

    def create(self, about: tuple[str, str], **values: Any) -> Subscription:
        """Make the subscription."""
        return actions.create_subscription(actor=self.user, kind=about[0], thing_id=about[1], **values)


class QuietHoursForm(forms.Form):
    """When single messages wait."""

    starts_at = forms.TimeField(label="From", widget=_AT)
    ends_at = forms.TimeField(label="To", widget=_AT)
    has_quiet_weekends = forms.BooleanField(label="Quiet on Saturday and Sunday", required=False)

    def __init__(self, *args, quiet: QuietHours | None, **kwargs):
        initial = {"starts_at": time(20), "ends_at": time(7)}
        if quiet is not None:
            initial = {name: getattr(quiet, name) for name in ("starts_at", "ends_at", "has_quiet_weekends")}
        super().__init__(*args, initial=initial, **kwargs)

    def save(self, user: Any) -> QuietHours:
        """Set the hours."""
        return actions.set_quiet_hours(user, actor=user, **self.cleaned_data)


class WebhookForm(forms.Form):
    """An address to post to."""

    name = forms.CharField(max_length=100, help_text="What takes the messages, such as “#growth in Slack”.")
    address = forms.CharField(
        max_length=2000,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="https://… It is stored encrypted and not shown again.",
    )


class WebhookChangeForm(WebhookForm):
    """Another name or address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["address"].required = False
        self.fields["address"].help_text = "Leave it empty to keep the address that is there."
