"""What people say to make a link to the roadmap, or to change one."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from portal.people.public import Product
from portal.shell.public import LEAST_PASSWORD
from roadmaps.goals.forms import DayInput
from roadmaps.plan.sharing.contracts import FIELDS, MOST_DAYS, PRESETS, USUAL_DAYS, VIEWS
from roadmaps.plan.sharing.models import Audience, RoadmapLink

_FIELD_CHOICES = [(one.name, f"{one.label}: {one.help[0].lower()}{one.help[1:]}") for one in FIELDS.values()]


class LinkForm(forms.Form):
    """A link to the roadmap: for whom, what it shows, how it opens, until when."""

    name = forms.CharField(
        max_length=120, label="For whom", help_text="Such as “Advisory board of customers”. They do not see it."
    )
    audience = forms.ChoiceField(choices=Audience.choices)
    heading = forms.CharField(max_length=120, help_text="What stands above the roadmap.")
    fields_shown = forms.MultipleChoiceField(
        choices=_FIELD_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="What they see beside the titles",
    )
    view = forms.ChoiceField(
        choices=list(VIEWS.items()),
        label="Opens as",
        help_text="The board needs the horizon, the timeline the quarter or the days.",
    )
    expires_on = forms.DateField(label="Last day", widget=DayInput())
    needs_login = forms.BooleanField(required=False, label="Only for people who sign in to this portal")
    password = forms.CharField(
        required=False,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=f"At least {LEAST_PASSWORD} characters. Tell it on another way than the link.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].help_text = f"It stops working at the end of this day, at most {MOST_DAYS} days on."

    def values(self) -> dict[str, Any]:
        """Return what the actions take: the end of the last day in the maker's zone."""
        values = dict(self.cleaned_data)
        day = values.pop("expires_on")
        values["expires_at"] = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        values["fields"] = values.pop("fields_shown")
        return values


class NewLinkForm(LinkForm):
    """A link to make, of one of the products that its maker may share."""

    product = forms.ModelChoiceField(Product.objects.none(), to_field_name="slug", empty_label=None)
    field_order = ("product",)

    def __init__(self, *args: Any, products: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products


class ChangeLinkForm(LinkForm):
    """A link to change; its address and its product stay."""

    drops_password = forms.BooleanField(required=False, label="Ask for no password any more")

    def __init__(self, *args: Any, link: RoadmapLink, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if link.has_password:
            self.fields["password"].help_text += " Empty: the one that it has stays."
        else:
            del self.fields["drops_password"]


def initial_for(audience: str, product: Product | None) -> dict[str, Any]:
    """Return what the form of a new link begins with: the preset of an audience."""
    audience = audience if audience in PRESETS else Audience.OTHER
    fields = PRESETS[audience]
    return {
        "audience": audience,
        "product": product.slug if product else None,
        "name": Audience(audience).label if audience != Audience.OTHER else "",
        "heading": f"{product}: what comes next" if product else "What comes next",
        "fields_shown": list(fields),
        "view": "board" if "horizon" in fields else "list",
        "expires_on": timezone.localdate() + timedelta(days=USUAL_DAYS),
        "needs_login": audience in (Audience.EXECUTIVES, Audience.SALES),
    }


def initial_of(link: RoadmapLink) -> dict[str, Any]:
    """Return what the form of a link that is there begins with."""
    names = ("name", "audience", "heading", "view", "needs_login")
    last = timezone.localdate(link.expires_at - timedelta(seconds=1))
    return {**{name: getattr(link, name) for name in names}, "fields_shown": link.fields, "expires_on": last}
