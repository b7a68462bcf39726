"""How trackers are read by themselves, over the API: the same actions as the page; a token is taken and never told."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.shell.public import NotFound
from roadmaps.delivery.work import actions
from roadmaps.delivery.work.access import get_connection, get_tracker
from roadmaps.delivery.work.models import Connection


class ConnectionOutput(serializers.ModelSerializer):
    """What the API says of a connection; `has_token` in the token's place."""

    has_token = serializers.SerializerMethodField()

    class Meta:
        model = Connection
        fields = [
            *(
                "tracker",
                "kind",
                "address",
                "project",
                "takes_pulls",
                "is_paused",
                "has_token",
                "state",
                "step",
                "error",
            ),
            *("cursor_at", "not_before", "read_at", "n_read", "version"),
        ]
        read_only_fields = fields

    def get_has_token(self, connection: Connection) -> bool:
        """Say whether a token is stored."""
        return bool(connection.token)


class ConnectionInput(serializers.Serializer):
    """Where a tracker is read; an empty token keeps the stored one. `version` is 0 for a new connection."""

    kind = serializers.ChoiceField(choices=Connection.Kind.choices)
    address = serializers.CharField(max_length=300)
    project = serializers.CharField(max_length=200)
    account = serializers.CharField(max_length=200, required=False, allow_blank=True)
    token = serializers.CharField(max_length=2_000, required=False, allow_blank=True, write_only=True)
    takes_pulls = serializers.BooleanField(required=False)
    version = serializers.IntegerField(min_value=0)


class ConnectionAct(serializers.Serializer):
    """What to do: read now, stop for a while, go on."""

    act = serializers.ChoiceField(choices=["pull", "pause", "resume"])


class ConnectionView(APIView):
    """How one tracker is read by itself; for ops."""

    @extend_schema(operation_id="trackers_connection", tags=["trackers"], responses=ConnectionOutput)
    def get(self, request, pk: int) -> Response:
        """Return how it is read, and how the last reading went."""
        return self._answer(request, pk)

    @extend_schema(
        operation_id="trackers_connect", tags=["trackers"], request=ConnectionInput, responses=ConnectionOutput
    )
    def put(self, request, pk: int) -> Response:
        """Say where it is read and with what token."""
        get_connection(request.user, pk)
        wanted = ConnectionInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        actions.connect_tracker(get_tracker(request.user, pk), actor=request.user, **wanted.validated_data)
        return self._answer(request, pk)

    @extend_schema(
        operation_id="trackers_connection_act", tags=["trackers"], request=ConnectionAct, responses=ConnectionOutput
    )
    def post(self, request, pk: int) -> Response:
        """Read it now, stop reading it for a while, or go on."""
        get_connection(request.user, pk)
        wanted = ConnectionAct(data=request.data)
        wanted.is_valid(raise_exception=True)
        tracker, act = get_tracker(request.user, pk), wanted.validated_data["act"]
        if act == "pull":
            actions.pull_now(tracker, actor=request.user)
        else:
            actions.pause_connection(tracker, actor=request.user, is_paused=act == "pause")
        return self._answer(request, pk)

    @extend_schema(operation_id="trackers_disconnect", tags=["trackers"], responses={204: None})
    def delete(self, request, pk: int) -> Response:
        """Read it no more and forget its token; what came from it stays."""
        get_connection(request.user, pk)
        actions.disconnect_tracker(get_tracker(request.user, pk), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _answer(self, request, pk: int) -> Response:
        found = get_connection(request.user, pk)
        if found is None:
            raise NotFound("This tracker is not read by itself.")
        return Response(ConnectionOutput(found).data)
