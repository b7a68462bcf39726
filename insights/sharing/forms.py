"""What people type to freeze a dashboard, to share it, and to take either back."""

from datetime import datetime, time, timedelta

from django import forms
from django.conf import settings
from django.utils import timezone

from insights.sharing.actions.links import USUAL_DAYS
from portal.shell.public import LEAST_PASSWORD


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PackForm(forms.Form):
    """A dashboard to freeze."""

    name = forms.CharField(max_length=120, help_text="Such as “Board meeting, October”.")
    held_on = forms.DateField(label="Day of the meeting", widget=_day())
    note = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What those who open it later should know. It cannot be changed afterwards.",
    )


class ReasonForm(forms.Form):
    """Why something is done that should be rare."""

    reason = forms.CharField(max_length=500, label="Reason", help_text="The audit trail keeps it.")


class LinkForm(forms.Form):
    """A public link to make."""

    name = forms.CharField(max_length=120, label="For whom", help_text="Such as “Investors” or “Wiki of Sales”.")
    expires_on = forms.DateField(
        label="Last day",
        widget=_day(),
        help_text="It stops working at the end of this day.",
    )
    password = forms.CharField(
        required=False,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=f"At least {LEAST_PASSWORD} characters. Tell it on another way than the link.",
    )
    is_embeddable = forms.BooleanField(required=False, label="May be shown in a frame of the company's wikis")

    def __init__(self, *args, **kwargs):
        most = settings.PUBLIC_LINK_MAX_DAYS
        day = timezone.localdate() + timedelta(days=min(USUAL_DAYS, most))
        super().__init__(*args, initial={"expires_on": day}, **kwargs)
        self.fields["expires_on"].help_text += f" At most {most} days ahead."
        if settings.EMBED_HOSTS:
            hosts = ", ".join(settings.EMBED_HOSTS)
            self.fields["is_embeddable"].help_text = f"By {hosts}. Not together with a password."
        else:
            del self.fields["is_embeddable"]

    def values(self) -> dict:
        """Return what the action takes: the end of the last day in the maker's zone."""
        values = dict(self.cleaned_data)
        day = values.pop("expires_on")
        return {**values, "expires_at": timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))}


class ClosingForm(forms.Form):
    """A product to close to public links."""

    product = forms.ModelChoiceField(None, to_field_name="slug", empty_label="Choose a product")
    reason = forms.CharField(max_length=200, help_text="Who wants to share is told.")

    def __init__(self, *args, products, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products
