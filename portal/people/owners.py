"""Who may own a thing, and the field of every form that asks for its owner."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join

from portal.people.models import Membership, User

MOST_IN_A_MENU = 50
_MOST_OFFERED = 500


def possible_owners(team_ids: Any, *others: int | None) -> QuerySet[User]:
    """Return the active people of some teams, and the others named: who owns it now, who asks."""
    members = Membership.objects.filter(team__in=team_ids).values("user")
    known = [one for one in others if one is not None]
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=known), is_active=True)


def find_person(people: QuerySet[User], text: str, nobody: str) -> User:
    """Return the only one of some people who has this name or address, or say what is wrong with it."""
    found = list(people.filter(Q(email__iexact=text.strip()) | Q(name__iexact=text.strip()))[:2])
    if not found:
        raise forms.ValidationError(nobody)
    if len(found) > 1:
        raise forms.ValidationError("Several people have this name. Use the e-mail address.")
    return found[0]


class _PeopleInput(forms.TextInput):
    """A text field that offers people while one types."""

    def __init__(self, people: QuerySet[User]):
        super().__init__({"autocomplete": "off"})
        self.people = people

    def render(self, name, value, attrs=None, renderer=None):
        """Draw the field and what it offers."""
        place = f"{(attrs or {}).get('id', name)}_offers"
        offers = ((one.email, one.name) for one in self.people[:_MOST_OFFERED])
        options = format_html_join("", '<option value="{}">{}</option>', offers)
        field = super().render(name, value, {**(attrs or {}), "list": place}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', field, place, options)


class OwnerField(forms.ModelChoiceField):
    """One of the people of a thing's team: a menu, or where they are many a field that takes a name or an address."""

    def __init__(self, **options: Any):
        super().__init__(User.objects.none(), required=False, empty_label="Nobody", **options)

    def offer(self, team_ids: Any, *others: int | None) -> None:
        """Set who may be chosen, once the form knows the team."""
        self.queryset = possible_owners(team_ids, *others)
        people = list(self.queryset[: MOST_IN_A_MENU + 1])  # read once, for their number and for the menu
        if len(people) > MOST_IN_A_MENU:
            self.widget = _PeopleInput(self.queryset)
        else:
            self.choices = [("", self.empty_label), *((one.pk, str(one)) for one in people)]

    @property
    def _is_typed(self) -> bool:
        return isinstance(self.widget, _PeopleInput)

    def prepare_value(self, value):
        """Return what the field shows: an address where it is typed."""
        if self._is_typed and not isinstance(value, str):
            person = value if isinstance(value, User) else self.queryset.filter(pk=value).first()
            return person.email if person else ""
        return super().prepare_value(value)

    def to_python(self, value):
        """Return the person who was chosen, or the only one of the team whose name or address was typed."""
        if not self._is_typed or value in self.empty_values:
            return super().to_python(value)
        return find_person(self.queryset, value, "Nobody of the team has this name or address.")
