"""The API's notices."""

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.messages.actions import read_notices
from portal.messages.models import Notice
from portal.shell.api import PortalRouter, ReadViewSet


class NoticeOutput(serializers.ModelSerializer):
    """A notice."""

    class Meta:
        model = Notice
        fields = ["id", "kind", "text", "url", "created_at", "read_at"]


class NoticeViewSet(ReadViewSet):
    """One's own notices, newest first."""

    queryset = Notice.objects.all()
    output_serializer_class = NoticeOutput
    filterset_fields = ["kind"]

    @action(detail=True, methods=["post"])
    def read(self, request, pk=None) -> Response:
        """Mark a notice as read."""
        notice = self.get_object()
        read_notices(request.user, notice.pk)
        notice.refresh_from_db()
        return self.answer(notice)


router = PortalRouter()
router.register("notices", NoticeViewSet, basename="notice")
urlpatterns = router.urls
