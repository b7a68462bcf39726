"""What people say of an event or a property."""

from django import forms

from insights.catalogue.models import Status
from portal.people.public import OwnerField


class EventForm(forms.Form):
    """Description, owner and status of an event."""

    description = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What happened when this event is sent, in one sentence.",
    )
    owner = OwnerField(help_text="Whom to ask about it.")
    status = forms.ChoiceField(
        choices=Status.choices, help_text="Retired names come last in every picker; unexpected ones wait for a look."
    )

    def __init__(self, *args, thing, **kwargs):
        initial = {name: getattr(thing, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["owner"].offer([thing.team_id], thing.owner_id)


class PropertyForm(EventForm):
    """The same of a property, and whether its values are personal."""

    is_personal = forms.BooleanField(
        label="Personal data",
        required=False,
        help_text="No values are kept or shown as examples; those kept are forgotten.",
    )

    def __init__(self, *args, thing, **kwargs):
        super().__init__(*args, thing=thing, **kwargs)
        self.fields["description"].help_text = "What its value says, in one sentence."
