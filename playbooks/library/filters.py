"""How playbooks are filtered: the same in the address of the list and over the API."""

from typing import Any

import django_filters
from django.db.models import F, Func

from playbooks.library.contracts import PARTS
from playbooks.library.models import Playbook, PlaybookVersion, Stage
from portal.people.list_filters import ListFilter, SearchBox

IN_FORCE, IN_REVIEW = "in_force", "in_review"
_MOST_CHOICES = 100


class PlaybookFilter(django_filters.FilterSet):
    """Playbooks by words, stage, role, tag, state, team and owner."""

    q = django_filters.CharFilter(label="Search", method="find")
    stage = django_filters.ChoiceFilter(field_name="face__stage", choices=Stage.choices)
    role = django_filters.CharFilter(method="with_role", label="Role")
    tag = django_filters.CharFilter(method="with_tag", label="Tag")
    team = django_filters.CharFilter(field_name="team__slug")

    class Meta:
        model = Playbook
        fields = ["state", "owner", "verifier"]

    def find(self, playbooks, name, value):
        """Keep those that hold each word."""
        return playbooks.matching(value)

    def with_role(self, playbooks, name, value):
        """Keep those in which a role has a part."""
        return playbooks.with_role(value)

    def with_tag(self, playbooks, name, value):
        """Keep those with a tag."""
        return playbooks.filter(face__tags__contains=[value])


class PlaybookListFilter(ListFilter):
    """The same for the list's page, with choices; retired ones are left out unless they are asked for."""

    q = SearchBox("Words of it")
    stage = django_filters.ChoiceFilter(
        field_name="face__stage", choices=Stage.choices, label="Stage", empty_label="Any stage"
    )
    role = django_filters.ChoiceFilter(method="with_role", label="Role", empty_label="Any role")
    tag = django_filters.ChoiceFilter(method="with_tag", label="Tag", empty_label="Any tag")
    state = django_filters.ChoiceFilter(
        choices=[(IN_REVIEW, "In review"), *Playbook.State.choices],
        method="at",
        label="State",
        empty_label="All but retired",
    )

    class Meta:
        model = Playbook
        fields = ["q", "stage", "role", "tag", "state"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        faces = PlaybookVersion.objects.filter(pk__in=Playbook.objects.visible_to(user).order_by().values("face"))
        self.filters["role"].extra["choices"] = [(name, name) for name in _roles(faces)]
        self.filters["tag"].extra["choices"] = [(name, name) for name in _tags(faces)]

    def filter_queryset(self, queryset):
        """Keep what the fields say, and of that what is not retired, unless that is asked for."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.exclude(state=Playbook.State.RETIRED)

    def find(self, playbooks, name, value):
        """Keep those that hold each word."""
        return playbooks.matching(value)

    def with_role(self, playbooks, name, value):
        """Keep those in which a role has a part."""
        return playbooks.with_role(value)

    def with_tag(self, playbooks, name, value):
        """Keep those with a tag."""
        return playbooks.filter(face__tags__contains=[value])

    def at(self, playbooks, name, value):
        """Keep those in a state, or with a draft that somebody is to decide about."""
        if value == IN_REVIEW:
            waiting = PlaybookVersion.objects.filter(number=None, sent_at__isnull=False)
            theirs = playbooks.filter(pk__in=waiting.order_by().values("playbook"))
            return theirs.filter(pk__in=Playbook.objects.inside_of(self.user).order_by().values("pk"))
        return playbooks.filter(state=value)


def _tags(faces: Any) -> list[str]:
    tags = faces.order_by().annotate(tag=Func(F("tags"), function="unnest")).values_list("tag", flat=True).distinct()
    return sorted(tags[: _MOST_CHOICES * 10], key=str.casefold)[:_MOST_CHOICES]


def _roles(faces: Any) -> list[str]:
    found: set[str] = set()
    for roles in faces.exclude(roles={}).order_by().values_list("roles", flat=True).distinct()[: _MOST_CHOICES * 10]:
        found.update(name for part in PARTS for name in roles.get(part, ()))
    return sorted(found, key=str.casefold)[:_MOST_CHOICES]
