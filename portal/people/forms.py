"""The shapes of input about people."""

import zoneinfo
from datetime import timedelta

from django import forms
from django.utils import timezone

from portal.people.models import ApiToken, User

LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("365", "A year")]


def zone_choices() -> list[tuple[str, str]]:
    """Return all time zones by name, UTC first."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ProfileForm(forms.Form):
    """What a person sets for themselves."""

    name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(choices=zone_choices, help_text="All times on screen are in this zone.")
    theme = forms.ChoiceField(choices=User.Theme.choices)
    has_shortcuts = forms.BooleanField(
        label="Single-key shortcuts", required=False, help_text="j, k, g d, ? and others, where you are not typing."
    )


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(max_length=100, help_text="What will use it, such as “nightly export”.")
    scope = forms.ChoiceField(label="May", choices=ApiToken.Scope.choices)
    lifetime = forms.ChoiceField(label="Works for", choices=LIFETIMES, initial="90")

    def expires_at(self):
        """Return when the token stops working."""
        return timezone.now() + timedelta(days=int(self.cleaned_data["lifetime"]))
