"""The API's own pages: its root, its schema, its documentation."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, get_resolver, reverse
from django.views.decorators.http import require_GET
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.shell.api_schema import list_resources
from portal.shell.errors import NotFound
from portal.shell.pages import render_page


class ApiRoot(APIView):
    """The addresses of all resources."""

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs) -> Response:
        """Return each resource's name and address."""
        names = [name for name in get_resolver().namespace_dict["api"][1].reverse_dict if isinstance(name, str)]
        found = {}
        for name in sorted(names):
            try:
                path = reverse(f"api:{name}")
            except NoReverseMatch:
                continue
            key = path.removeprefix(reverse("api:root")).strip("/")
            if key and key not in {"docs"}:
                found[key] = request.build_absolute_uri(path)
        return Response(found)


class ApiSchema(SpectacularAPIView):
    """The schema as OpenAPI 3, in YAML or JSON."""


@lru_cache(maxsize=1)
def _resources():
    return list_resources(None)


@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show what every resource can do, and how programs ask."""
    context = {"resources": _resources(), "root": request.build_absolute_uri(reverse("api:root"))}
    return render_page(request, "portal/shell/api_docs.html", context)


@require_GET
def api_docs_resource(request: HttpRequest, name: str) -> HttpResponse:
    """Show what each operation of a resource takes and answers."""
    resource = next((one for one in _resources() if one.name == name), None)
    if resource is None:
        raise NotFound(f"The API has no “{name}”. The list of its resources is at {reverse('api:docs')}.")
    context = {"resources": _resources(), "resource": resource, "trail": [("API", reverse("api:docs"))]}
    return render_page(request, "portal/shell/api_resource.html", context)
