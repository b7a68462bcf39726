"""The shapes of input about people."""

from datetime import timedelta
from itertools import count

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from portal.people.contracts import Role
from portal.people.models import ApiToken, Product, Team, User
from portal.people.owners import OwnerField, find_person
from portal.people.zones import zone_choices

MOST_OFFERED = 300
_SLUG_ROOM = 40  # a number may follow
LIFETIMES = [("30", "30 days"), ("90", "90 days"), ("365", "A year")]


class ProfileForm(forms.Form):
    """What a person sets for themselves."""

    name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(choices=zone_choices, help_text="All times on screen are in this zone.")
    theme = forms.ChoiceField(choices=User.Theme.choices)
    has_shortcuts = forms.BooleanField(
        label="Single-key shortcuts", required=False, help_text="j, k, g d, ? and others, where you are not typing."
    )


class UserForm(forms.Form):
    """What an admin says of a person."""

    email = forms.EmailField(label="E-mail", help_text="They sign in with it; a link to set a password goes there.")
    name = forms.CharField(max_length=150)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.PRODUCT_MANAGER)
    time_zone = forms.ChoiceField(choices=zone_choices, initial=lambda: settings.WORKSPACE_TIME_ZONE)

    def __init__(self, *args, user: User | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        """Refuse an address that somebody has already, whatever its case."""
        email = User.objects.normalize_email(self.cleaned_data["email"])
        others = User.objects.filter(email__iexact=email)
        if self.user:
            others = others.exclude(pk=self.user.pk)
        if others.exists():
            raise forms.ValidationError("Somebody has this address already.")
        return email


class NewUserForm(UserForm):
    """A person to invite."""

    teams = forms.ModelMultipleChoiceField(Team.objects.all(), required=False, widget=forms.CheckboxSelectMultiple)


class _NamedForm(forms.ModelForm):
    """Something with a short name for addresses, which is made from its name unless somebody types one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["slug"].required = False
            self.fields["slug"].help_text += " Empty: made from the name."

    def clean_slug(self) -> str:
        """Return the short name that was typed, or a free one made from the name."""
        if self.cleaned_data["slug"]:
            return self.cleaned_data["slug"]
        made = slugify(self.cleaned_data.get("name", ""))[:_SLUG_ROOM].rstrip("-")
        if not made:
            raise forms.ValidationError("Type a short name: none can be made from this name.")
        taken = set(self._meta.model.objects.filter(slug__startswith=made).values_list("slug", flat=True))
        return next(slug for n in count(1) if (slug := made if n == 1 else f"{made}-{n}") not in taken)


class TeamForm(_NamedForm):
    """A team."""

    class Meta:
        model = Team
        fields = ["name", "slug"]
        help_texts = {"slug": "Its name in addresses and in the API: small letters, digits and hyphens."}


class ProductForm(_NamedForm):
    """A product."""

    owner = OwnerField()

    class Meta:
        model = Product
        fields = ["name", "slug", "team", "owner", "visibility"]
        help_texts = {
            "slug": "Its name in addresses, questions and the API: small letters, digits and hyphens.",
            "team": "Its members work on the product; they and ops see the people behind its numbers.",
            "visibility": "Who may see the product, its sources and its numbers.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        teams = [self.instance.team_id] if self.instance.pk else Team.objects.values("pk")
        self.fields["owner"].offer(teams, self.instance.owner_id)
        self.fields["team"].empty_label = "Choose a team"


class MemberForm(forms.Form):
    """Somebody to put into a team, by name or address: a menu of everybody would be long."""

    user = forms.CharField(
        label="Name or e-mail", widget=forms.TextInput(attrs={"list": "people-to-add", "autocomplete": "off"})
    )

    def __init__(self, *args, team: Team, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = User.objects.filter(is_active=True).exclude(membership__team=team)

    def list_offers(self) -> QuerySet[User]:
        """Return the first people that the field offers while one types."""
        return self.others[:MOST_OFFERED]

    def clean_user(self) -> User:
        """Return the one person who is meant."""
        return find_person(self.others, self.cleaned_data["user"], "Nobody outside the team has this name or address.")


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(max_length=100, help_text="What will use it, such as “nightly export”.")
    scope = forms.ChoiceField(label="Access", choices=ApiToken.Scope.choices)
    lifetime = forms.ChoiceField(label="Expires after", choices=LIFETIMES, initial="90")

    def expires_at(self):
        """Return when the token stops working."""
        return timezone.now() + timedelta(days=int(self.cleaned_data["lifetime"]))
