"""How the list of jobs is filtered."""

import django_filters

from insights.persons.models import PersonJob


class PersonJobFilter(django_filters.FilterSet):
    """Jobs by what was asked and by how far they are."""

    kind = django_filters.ChoiceFilter(label="What", choices=PersonJob.Kind.choices, empty_label="Everything")
    state = django_filters.ChoiceFilter(label="State", choices=PersonJob.State.choices, empty_label="Any")

    class Meta:
        model = PersonJob
        fields = ["kind", "state"]
