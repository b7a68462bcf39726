"""The API's description: what drf-spectacular writes of our viewsets, and the same for the documentation page."""

from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from portal.shell.labels import words_of

_DOING = {"create": "do_create", "partial_update": "do_change", "destroy": "do_delete"}
METHODS = ("get", "post", "put", "patch", "delete")


class PortalSchema(AutoSchema):
    """Input and output apart, and the tag from the resource's name."""

    def get_request_serializer(self) -> Any:
        """Return what is sent."""
        kind = getattr(self.view, "input_serializer_class", None)
        is_write = self.method in {"POST", "PUT", "PATCH"}
        if kind and is_write and getattr(self.view, "action", None) in {"create", "partial_update"}:
            kind = (self.method == "PATCH" and self.view.change_serializer_class) or kind
            return kind(partial=self.method == "PATCH")
        return super().get_request_serializer()

    def get_description(self) -> str:
        """Return what the operation does, in the words of the room's own code."""
        name = getattr(self.view, "action", "")
        if name == "retrieve":
            return f"Return one, by its {words_of(getattr(self.view, 'lookup_field', 'pk'))}."
        doing = getattr(self.view, _DOING.get(name, ""), None)
        return getdoc(doing) or super().get_description() if doing else super().get_description()

    def get_tags(self) -> list[str]:
        """Return the resource's name."""
        parts = [part for part in self.path.split("/") if part and not part.startswith("{")]
        return [parts[2] if len(parts) > 2 else "portal"]

    def get_filter_backends(self) -> list[Any]:
        """Return the filters of lists; one thing has none."""
        return getattr(self.view, "filter_backends", []) if self._is_list_view() else []


@dataclass(frozen=True)
class Field:
    """One named value that is sent or answered: type in words, and what it means."""

    name: str
    kind: str
    is_required: bool
    text: str


class Fields(list[Field]):
    """Named values that stand in one table."""

    @property
    def has_texts(self) -> bool:
        """Say whether any of them says more than its name."""
        return any(field.text for field in self)


@dataclass(frozen=True)
class Operation:
    """One thing that the API does."""

    method: str
    path: str
    text: str
    parameters: Fields
    body: Fields
    answer_status: str
    answer: Fields

    @property
    def anchor(self) -> str:
        """Return the name of its place on the page."""
        return f"{self.method}{self.path}".replace("/", "-").replace("{", "").replace("}", "").strip("-")


@dataclass(frozen=True)
class Resource:
    """The operations of one noun."""

    name: str
    operations: list[Operation]


def _resolve(schema: dict, root: dict) -> dict:
    while "$ref" in schema:
        schema = root["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return {**_resolve(schema["allOf"][0], root), **{key: schema[key] for key in schema if key != "allOf"}}
    return schema


def _kind(schema: dict, root: dict) -> str:
    schema = _resolve(schema, root)
    if "oneOf" in schema:
        names = [name for part in schema["oneOf"] if (name := _kind(part, root)) and name != "value"]
        return " or ".join(dict.fromkeys(names)) or "value"
    if values := [str(value) for value in schema.get("enum", []) if value not in ("", None)]:
        return " | ".join(values)
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}), root)}"
    kind = schema.get("type", "value")
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)


def _fields(schema: dict, root: dict) -> Fields:
    schema = _resolve(schema, root)
    if schema.get("type") == "array":
        schema = _resolve(schema.get("items", {}), root)
    required = set(schema.get("required", []))
    return Fields(
        Field(name, _kind(part, root), name in required, _resolve(part, root).get("description", ""))
        for name, part in schema.get("properties", {}).items()
    )


def _content(part: dict) -> dict:
    return next(iter(part.get("content", {}).values()), {}).get("schema", {})


def _operation(method: str, path: str, told: dict, root: dict) -> Operation:
    status = next((code for code in told["responses"] if code.startswith("2")), "200")
    parameters = Fields(
        Field(part["name"], _kind(part["schema"], root), part.get("required", False), part.get("description", ""))
        for part in told.get("parameters", [])
    )
    body = _fields(_content(told.get("requestBody", {})), root)
    answer = _fields(_content(told["responses"].get(status, {})), root)
    text = told.get("description") or told.get("summary") or ""
    return Operation(method.upper(), path, text, parameters, body, status, answer)


def list_resources(request: Any) -> list[Resource]:
    """Return all resources with their operations, by name, from the same schema that `/api/v1/schema/` serves."""
    root = SchemaGenerator().get_schema(request=request, public=True)
    found: dict[str, list[Operation]] = {}
    for path, methods in root["paths"].items():
        for method in METHODS:
            if method in methods:
                told = methods[method]
                found.setdefault(told["tags"][0], []).append(_operation(method, path, told, root))
    return [Resource(name, found[name]) for name in sorted(found)]
