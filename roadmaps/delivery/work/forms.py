"""The forms of trackers and their items."""

from typing import Any

from django import forms

from portal.people.public import OwnerField, Product, Visibility, can
from roadmaps.delivery.work.models import Connection, Phase, PlacingRule, Tracker, TrackerStatus
from roadmaps.planning.initiatives.public import Initiative

_MOST = 500


class TrackerForm(forms.Form):
    """A tracker of a product."""

    name = forms.CharField(max_length=100, help_text="Such as “Planner in Jira”.")
    product = forms.ModelChoiceField(Product.objects.none(), empty_label=None, help_text="It belongs to its team.")
    kind = forms.ChoiceField(choices=Tracker.Kind.choices)
    counts_from_opening = forms.BooleanField(
        required=False,
        label="Where nothing says when work began, it began when the item was opened",
        help_text="For trackers that know no start. Waiting then counts as work, so cycle times are longer.",
    )
    owner = OwnerField(help_text="Keeps the meaning of its statuses right.")
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may read it")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, tracker: Tracker | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if tracker is not None:
            del self.fields["product"]
            self.fields["owner"].offer([tracker.team_id], user.pk, tracker.owner_id)
            return
        mine = [one for one in user.visible_products if can(user, "trackers.edit", one)]
        self.fields["product"].queryset = Product.objects.filter(pk__in=[one.pk for one in mine]).select_related("team")
        self.fields["owner"].offer({one.team_id for one in mine}, user.pk)


class StatusForm(forms.Form):
    """What each status of a tracker means, as a table."""

    def __init__(self, *args: Any, statuses: list[TrackerStatus], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.statuses = statuses
        for status in statuses:
            self.fields[f"status-{status.pk}"] = forms.ChoiceField(
                choices=[("", "Not said yet"), *Phase.choices],
                required=False,
                label=f"{status.name} means",
                initial=status.phase,
            )

    def rows(self) -> list[tuple[TrackerStatus, forms.BoundField]]:
        """Return each status with its field."""
        return [(status, self[f"status-{status.pk}"]) for status in self.statuses]

    def to_phases(self) -> dict[str, str]:
        """Return the meanings by the names as sent."""
        return {status.name: self.cleaned_data[f"status-{status.pk}"] for status in self.statuses}


class InitiativeField(forms.ModelChoiceField):
    """An initiative of a tracker's product."""

    def offer(self, tracker: Tracker, user: Any, chosen: int | None = None) -> None:
        """Let the open ones be chosen, and the one that is."""
        every = Initiative.objects.visible_to(user).filter(product_id=tracker.product_id)
        self.queryset = every
        rows = [one for one in every.order_by("position", "pk")[:_MOST] if one.is_open or one.pk == chosen]
        first = [("", self.empty_label)] if self.empty_label is not None else []
        self.choices = [*first, *((one.pk, one.title) for one in rows)]


class RuleForm(forms.Form):
    """Which items belong to an initiative."""

    field = forms.ChoiceField(choices=PlacingRule.Field.choices, label="An item belongs to it if")
    value = forms.CharField(max_length=200, label="this", help_text="Capitals make no difference.")
    initiative = InitiativeField(Initiative.objects.none(), empty_label=None)

    def __init__(self, *args: Any, tracker: Tracker, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["initiative"].offer(tracker, user)


class PlaceForm(forms.Form):
    """To which initiative one item belongs."""

    initiative = InitiativeField(
        Initiative.objects.none(), required=False, empty_label="As the rules say", help_text="By hand, it stays there."
    )

    def __init__(self, *args: Any, tracker: Tracker, user: Any, chosen: int | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["initiative"].offer(tracker, user, chosen)


class ConnectionForm(forms.Form):
    """Where a tracker is read by itself, and with what key."""

    kind = forms.ChoiceField(choices=Connection.Kind.choices, label="It is")
    address = forms.CharField(
        max_length=300, help_text="https://company.atlassian.net, or for GitHub https://api.github.com"
    )
    project = forms.CharField(
        max_length=200, help_text="In Jira the project's key, such as PLAN; in GitHub owner/repository."
    )
    account = forms.CharField(
        max_length=200,
        required=False,
        help_text="The e-mail address that an API token of Jira belongs to. Empty for GitHub and for personal tokens.",
    )
    token = forms.CharField(
        max_length=2_000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Stored encrypted and never shown again. One that may only read is enough.",
    )
    takes_pulls = forms.BooleanField(required=False, label="Pull requests are items too (GitHub)")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
