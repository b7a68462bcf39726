"""The forms of search: what is looked for, read from the address, and the name of a search that is kept."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.http import urlencode

from insights.contacts.public import LONGEST_ID, values_of_products
from insights.voice.search.access import teams_to_share_with
from insights.voice.search.contracts import Wish
from insights.voice.search.narrowing import BY_ACCOUNT, OWN
from insights.voice.texts.public import LANGUAGE_CHOICES, TextFilter, TextKind
from portal.people.public import Team
from portal.shell.public import registry

SORTS = [("", "Best first"), ("new", "Newest first")]
_TEXT = forms.TextInput(
    attrs={"type": "search", "placeholder": "Words, “words in a row”, -not this", "data-keys": "/", "maxlength": 200}
)
_DAY = {"type": "date"}
_LONGEST_VALUE = 200


class WishForm(forms.Form):
    """What is looked for; the same names in the address, over the API and in a saved search.

    What other rooms narrow by is taken as it is: a value that nothing has finds nothing.
    """

    q = forms.CharField(required=False, label="Look for", max_length=1_000, widget=_TEXT)
    product = forms.ChoiceField(required=False)
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs=_DAY))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs=_DAY))
    sort = forms.ChoiceField(required=False, label="Order", choices=SORTS)
    kind = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    like = forms.RegexField(r"^[a-z-]{1,40}-\d{1,18}$", required=False, widget=forms.HiddenInput)
    language = forms.ChoiceField(required=False, choices=[("", "All languages"), *LANGUAGE_CHOICES])
    account = forms.CharField(required=False, max_length=LONGEST_ID, label="Account id")
    person = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, label="Number of the person")
    plan = forms.CharField(required=False, max_length=_LONGEST_VALUE, label="Plan of the account")
    segment = forms.CharField(required=False, max_length=_LONGEST_VALUE, label="Segment of the account")

    SHOWN = ("q", "product", "since", "until", "sort")

    def __init__(self, data: Any, *, user: Any):
        super().__init__(data)
        self.user = user
        for piece in registry.all(TextFilter):
            self.fields[piece.name] = forms.CharField(required=False, max_length=_LONGEST_VALUE, label=piece.label)
        products = [(one.slug, one.name) for one in user.visible_products]
        self.fields["product"].choices = [("", "All products"), *products]
        kinds = [(kind.name, kind.plural) for kind in registry.all(TextKind)]
        self.fields["kind"].choices = [("", "Everything"), *kinds]

    @property
    def shown(self) -> list[forms.BoundField]:
        """Return the fields that stand above what is found; the others are on the page of filters."""
        return [self[name] for name in self.SHOWN]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return (name, value) of what else is asked, for the form to send along."""
        return [(name, value) for name, value in self.asked.items() if name not in self.SHOWN]

    @property
    def asked(self) -> dict[str, str]:
        """Return what is asked as it stands in an address, without faults and without what is left open."""
        found = {name: self.cleaned_data.get(name) for name in self.fields} if self.is_valid() else {}
        return {name: str(value) for name, value in found.items() if value not in (None, "")}

    @property
    def query(self) -> str:
        """Return what is asked as the query of an address."""
        return urlencode(self.asked)

    def to_wish(self) -> Wish:
        """Return what is looked for."""
        values = self.cleaned_data
        names = [*OWN, *(piece.name for piece in registry.all(TextFilter))]
        narrow = {name: values[name] for name in names if values.get(name) not in (None, "")}
        return Wish(values["q"], values["like"], values["kind"], values["sort"], narrow)

    def offer(self) -> None:
        """Let the filters be chosen from what there is, for the page that shows them all."""
        known = values_of_products([one.pk for one in self.user.visible_products if self._sees_whole(one)])
        offered = {name: [(value, value) for value in known.get(name, [])] for name in BY_ACCOUNT}
        empty = dict.fromkeys(BY_ACCOUNT, "All")
        for piece in registry.all(TextFilter):
            offered[piece.name], empty[piece.name] = list(piece.choices(self.user)), piece.empty_label
        for name, choices in offered.items():
            now = self.data.get(name, "")
            if now and now not in {value for value, _ in choices}:
                choices = [*choices, (now, now)]
            self.fields[name].widget = forms.Select(choices=[("", empty[name]), *choices])

    def chips(self) -> list[tuple[str, str, str]]:
        """Return (label, value, query without it) of each filter in force, to show and to take away."""
        said = []
        pieces = {piece.name: piece for piece in registry.all(TextFilter)}
        for name, value in self.asked.items():
            if name in ("q", "kind", "sort", "like"):
                continue
            shown = value
            if name in pieces:
                shown = dict(pieces[name].choices(self.user)).get(value, value)
            elif hasattr(self.fields[name], "choices"):
                shown = dict(self.fields[name].choices).get(value, value)
            rest = {other: text for other, text in self.asked.items() if other != name}
            said.append((str(self.fields[name].label or name.capitalize()), str(shown), urlencode(rest)))
        return said

    def _sees_whole(self, product: Any) -> bool:
        return bool(self.user.is_ops or product.team_id in self.user.team_ids)


class SaveForm(forms.Form):
    """How a search that is kept is called, and who sees it too."""

    name = forms.CharField(max_length=120, help_text="Such as “Reports that are slow, plan Business”.")
    team = forms.ChoiceField(
        required=False,
        label="Who sees it",
        help_text="Each who opens it finds what they may read, whoever saved it.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, team: Team | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.teams = {str(one.pk): one for one in teams_to_share_with(user)}
        if team is not None:
            self.teams.setdefault(str(team.pk), team)
        own = [(pk, f"Team {one.name}") for pk, one in self.teams.items()]
        self.fields["team"].choices = [("", "I alone"), *own]

    def clean_team(self) -> Team | None:
        """Return the team that was chosen."""
        return self.teams.get(self.cleaned_data["team"])


def read_asked(values: Mapping[str, Any], user: Any) -> dict[str, str]:
    """Return what is asked as a saved search keeps it, known names with readable values alone."""
    return WishForm(values, user=user).asked
