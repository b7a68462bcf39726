"""Write keys in the API: their text is in the answer that makes them, and nowhere else."""

from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.capture.actions import create_write_key, revoke_write_key, rotate_write_key
from insights.capture.models import WriteKey
from insights.events.public import get_source
from portal.shell.api import PortalRouter, ReadViewSet


class WriteKeyOutput(serializers.ModelSerializer):
    """A write key, without its secret."""

    source = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = WriteKey
        fields = [
            "id",
            "source",
            "name",
            "prefix",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "is_valid",
        ]
        read_only_fields = fields


class NewWriteKey(WriteKeyOutput):
    """A write key with its text, this once."""

    key = serializers.CharField(read_only=True)

    class Meta(WriteKeyOutput.Meta):
        fields = [*WriteKeyOutput.Meta.fields, "key"]
        read_only_fields = fields


class WriteKeyInput(serializers.Serializer):
    """What makes a write key."""

    source = serializers.SlugField()
    name = serializers.CharField(max_length=100)


class WriteKeyViewSet(ReadViewSet):
    """Write keys of the sources that you may see."""

    queryset = WriteKey.objects.select_related("source__product")
    output_serializer_class = WriteKeyOutput
    input_serializer_class = WriteKeyInput
    filterset_fields = {"source__slug": ["exact"]}

    def create(self, request) -> Response:
        """Make a key."""
        sent = self.get_input()
        source = get_source(request.user, sent["source"])
        return self._answer_new(*create_write_key(source, name=sent["name"], actor=request.user))

    @action(detail=True, methods=["post"])
    def rotate(self, request, pk=None) -> Response:
        """Make a successor; the old key stays valid for a week."""
        return self._answer_new(*rotate_write_key(self.get_object(), actor=request.user))

    @action(detail=True, methods=["post"])
    def revoke(self, request, pk=None) -> Response:
        """Close a key at once."""
        return self.answer(revoke_write_key(self.get_object(), actor=request.user))

    def _answer_new(self, key: WriteKey, text: str) -> Response:
        key.key = text
        return Response(NewWriteKey(key).data, status=status.HTTP_201_CREATED)


router = PortalRouter()
router.register("write-keys", WriteKeyViewSet, basename="write-key")
urlpatterns = router.urls
