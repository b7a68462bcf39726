"""The API's manners: viewsets over actions, and one shape of error.

How a room offers a noun, in its `api.py`:

    class GadgetViewSet(CreateByAction, ChangeByAction, ReadViewSet):
        queryset = Gadget.objects.select_related("team")     # must have visible_to(user)
        output_serializer_class = GadgetOutput                # what is read
        input_serializer_class = GadgetInput                  # what is sent: plain Serializer, no save()
        filterset_class = GadgetFilter                        # or filterset_fields: the allow-list of filters
        ordering_fields = ["name", "created_at"]              # the allow-list of ?sort=, "-" for descending
        lookup_field = "slug"
        revision_field = "version"                            # what a change must name: the state that it was made from
        door = get_gadget                                     # the room's own door, where it says more than visible_to

        def do_create(self, values):  return create_gadget(actor=self.request.user, **values)
        def do_change(self, thing, values):  return change_gadget(thing, actor=self.request.user, **values)

    router = PortalRouter()
    router.register("gadgets", GadgetViewSet, basename="gadget")
    urlpatterns = router.urls

`portal/urls.py` adds the room's `api` module to API. A verb of its own is an `@action` that calls `self.answer(thing)`.
An action that only reads although it is a POST (a question) is named in `reading_actions`, so read tokens may call it.
Rooms of other packages import this module beside `public`, which would otherwise load the API's framework for all.
"""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler
from rest_framework.viewsets import GenericViewSet

from portal.shell.errors import BadInput, NotFound, PortalError
from portal.shell.request_context import current_origin
from portal.shell.uses import find_uses


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """List and one: what the person may see, through the output serializer."""

    output_serializer_class: Any = None
    input_serializer_class: Any = None
    change_serializer_class: Any = None  # where a change takes other fields than a new one
    door: Any = None  # get_<noun>(user, key, write=False)
    ordering_fields: list[str] = []
    reading_actions: tuple[str, ...] = ()

    def get_queryset(self):
        """Return the rows that the person may see."""
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return queryset.visible_to(self.request.user)

    def get_serializer_class(self):
        """Return what is read; writes take `get_input`."""
        return self.output_serializer_class

    def get_thing(self, write: str | bool = False) -> Any:
        """Return the one that the address names, through the room's door; `write` checks that it may be changed."""
        if type(self).door is None:
            return super().get_object()
        return type(self).door(self.request.user, self.kwargs[self.lookup_field], write=write)

    def get_object(self) -> Any:
        """Return the one that the address names."""
        return self.get_thing()

    def get_input(self, kind: Any = None, thing: Any = None, *, partial: bool = False) -> dict[str, Any]:
        """Return what was sent, checked, or answer with every fault by its field."""
        kind = kind or (thing and self.change_serializer_class) or self.input_serializer_class
        context = self.get_serializer_context()
        serializer = kind(thing, data=self.request.data, context=context, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def answer(self, thing: Any, status_code: int = status.HTTP_200_OK) -> Response:
        """Answer with one thing."""
        return Response(self.get_serializer(thing).data, status=status_code)


class CreateByAction:
    """POST to the list: `do_create(values)` calls the page's own action."""

    def create(self, request, *args, **kwargs) -> Response:
        """Create one."""
        return self.answer(self.do_create(self.get_input()), status.HTTP_201_CREATED)


class ChangeByAction:
    """PATCH of one: `do_change(thing, values)` calls the page's own action.

    Where nobody may overwrite another's work unseen, `revision_field` names the field that a change must send.
    """

    revision_field = ""

    def partial_update(self, request, *args, **kwargs) -> Response:
        """Change the fields that were sent."""
        thing = self.get_thing(write=True)
        values = self.get_input(thing=thing, partial=True)
        if self.revision_field and self.revision_field not in values:
            raise BadInput(fields={self.revision_field: [f"Name the {self.revision_field} that you changed."]})
        return self.answer(self.do_change(thing, values))


class DeleteByAction:
    """DELETE of one: `do_delete(thing)` calls the page's own action."""

    def destroy(self, request, *args, **kwargs) -> Response:
        """Remove one."""
        self.do_delete(self.get_thing(write=True))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TellsUses:
    """GET `uses/` of one: what uses it, as far as the reader may see it."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def uses(self, request, **kwargs) -> Response:
        """Return what uses it, by kind and title."""
        return Response({"uses": [asdict(hit) for hit in find_uses(self.get_thing(), request.user)]})


class ActionViewSet(CreateByAction, ChangeByAction, DeleteByAction, ReadViewSet):
    """All of it: list, one, create, change, remove."""


class PortalRouter(SimpleRouter):
    """Addresses of a room's resources: plural, kebab-case, with a slash at the end."""


def _plain(detail, path: str = "") -> dict[str, list[str]]:
    """Flatten nested field errors to {"path.to.field": [sentences]}."""
    if isinstance(detail, dict):
        pairs = detail.items()
    elif isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        pairs = enumerate(detail)
    else:
        name = "non_field" if path in {"", "non_field_errors", "__all__"} else path
        return {name: [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.update(_plain(value, f"{path}.{key}" if path else str(key)))
    return found


def handle_error(error: Exception, context: dict) -> Response | None:
    """Answer every error as {code, message, fields, request_id}."""
    request_id = current_origin().request_id
    if isinstance(error, ModelValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else {"non_field": error.messages}
        )
    if isinstance(error, PortalError):
        body = {"code": error.code, "message": error.message, "fields": error.fields, "request_id": request_id}
        return Response(body, status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    is_validation = isinstance(error, exceptions.ValidationError)
    if is_validation:
        code, message = "bad_input", "Some fields cannot be used. Correct them and send again."
    elif isinstance(error, Http404):
        code, message = NotFound.code, NotFound.message
    elif isinstance(error, PermissionDenied):
        code, message = "not_allowed", "Your role does not allow this."
    else:
        code = {"permission_denied": "not_allowed", "throttled": "too_often"}.get(
            error.default_code, error.default_code
        )
        message = str(error.detail)
    fields = _plain(error.detail) if is_validation else {}
    response.data = {"code": code, "message": message, "fields": fields, "request_id": request_id}
    return response
