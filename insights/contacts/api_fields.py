"""What several resources of this room say in the API: a person or an account by number and id."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

PERSON = {"min_value": 1, "max_value": 2**31 - 1, "help_text": "The number of one of their ids."}


class WhoOutput(serializers.Serializer):
    """A person or an account: the number that leads to it, and its id."""

    no = serializers.IntegerField()
    id = serializers.CharField()


class OfPersonOutput(serializers.ModelSerializer):
    """What the API says of a row about a person."""

    person = serializers.SerializerMethodField()

    @extend_schema_field(WhoOutput())
    def get_person(self, row):
        """Return the person as they are now."""
        return {"no": row.person.resolved_no, "id": row.person.distinct_id}
