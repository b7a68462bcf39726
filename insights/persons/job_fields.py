"""Jobs about persons in the API: what is asked for, and how far it is."""

from rest_framework import serializers

from insights.persons.mentions.erasing import MOST_NAMES
from insights.persons.models import PersonJob


class MergeInput(serializers.Serializer):
    """The number of the person who becomes a part of this one."""

    other = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class EraseInput(serializers.Serializer):
    """The id that stands for the person, to be sure; keys of mentions that are decided otherwise than is proposed."""

    confirm = serializers.CharField(max_length=400)
    keep = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=10_000, default=list, help_text="Sure ones that stay."
    )
    take = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=10_000, default=list, help_text="Others that go."
    )


class LookInput(serializers.Serializer):
    """Other names by which a person goes."""

    names = serializers.ListField(child=serializers.CharField(max_length=200), max_length=MOST_NAMES, default=list)


class MentionOutput(serializers.Serializer):
    """A row in which others name a person, by the key of its kind; surely by a whole name, an address or an id."""

    key = serializers.CharField()
    is_sure = serializers.BooleanField()


class PersonJobOutput(serializers.ModelSerializer):
    """A merge, a split or an erasure, and how far it is; `url` is where to ask again."""

    id_space = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.HyperlinkedIdentityField(view_name="api:person-job-detail")
    mentions = MentionOutput(many=True, read_only=True, help_text="What a look for mentions found.")

    class Meta:
        model = PersonJob
        fields = ["id", "url", "kind", "state", "id_space", "person_no", "other_no", "join", "step", "n_done"]
        fields += [
            "n_total",
            "erased",
            "batches",
            "mentions",
            "error",
            "created_by",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields
