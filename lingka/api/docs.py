"""The page that describes the REST API: drawn here, as no page of ours asks another server."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One thing to send: where it goes, what it is, whether it must be there."""

    name: str
    place: str
    kind: str
    required: bool


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    description: str
    needs_key: bool
    fields: list[Field]


class Page(DocsBase):
    """In our own design, readable without scripts."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        context = {
            "about": schema["info"]["description"],
            "operations": list(operations(schema)),
            "schema_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "api/docs.html", context)


def operations(schema: Schema) -> Iterator[Operation]:
    """Every operation of an OpenAPI description, in its order."""
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            yield Operation(
                method.upper(), path, one["summary"], one.get("description", ""),
                bool(one.get("security")), [*_parameters(one), *_body(one, schema)],
            )  # fmt: skip


def _parameters(operation: Schema) -> Iterator[Field]:
    for one in operation.get("parameters", ()):
        yield Field(one["name"], one["in"], kind(one["schema"]), one["required"])


def _body(operation: Schema, schema: Schema) -> Iterator[Field]:
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        found = _followed(content["schema"], schema)
        for name, one in found.get("properties", {}).items():
            place = "JSON" if media == "application/json" else media
            yield Field(name, place, kind(one), name in found.get("required", ()))


def _followed(found: Schema, schema: Schema) -> Schema:
    name = found.get("$ref", "").rpartition("/")[2]
    return schema["components"]["schemas"][name] if name else found


def kind(found: Schema) -> str:
    """A type in few words: "string (uuid)", "ContactIn or null", "mine, soon or late"."""
    if "$ref" in found:
        return str(found["$ref"]).rpartition("/")[2]
    if "enum" in found:
        return " | ".join(map(str, found["enum"]))
    if several := found.get("anyOf") or found.get("allOf"):
        return " | ".join(kind(one) for one in several)
    if found.get("type") == "array":
        return f"[{kind(found['items'])}]"
    named = str(found.get("type", ""))
    return f"{named} ({found['format']})" if "format" in found else named
