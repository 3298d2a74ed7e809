"""GeoReport v2 on the wire: one tree of lists and dicts, written as XML or as JSON.

A payload is (root, child, items): root and child name the XML elements, items is a list of
dicts. JSON drops the root and is always an array, except for discovery and the definition of a
service, which are one object (the Spark convention of the specification). None becomes an empty
element or null.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse

FORMATS = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}
# XML 1.0 has no way to write these, so a client could not read the answer.
_UNWRITABLE = {code: None for code in range(32) if code not in (9, 10, 13)} | {
    0xFFFE: None,
    0xFFFF: None,
}


@dataclass(frozen=True)
class Payload:
    """What a call answers, before a format is chosen."""

    root: str
    child: str
    items: Sequence[Mapping[str, Any]]
    single: bool = False  # one object rather than an array


# Elements whose lists hold a named child: <values><value>…</value></values>.
CHILDREN = {
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}


def moment(value: datetime | None) -> str | None:
    """W3C date and time in UTC with `Z`: a known validator refuses offsets."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def respond(payload: Payload, fmt: str, status: int = 200) -> HttpResponse:
    """Write the payload in the format that the address ended in."""
    body = _json(payload) if fmt == "json" else _xml(payload)
    return HttpResponse(body, status=status, content_type=FORMATS[fmt])


def _json(payload: Payload) -> bytes:
    value: Any = payload.items[0] if payload.single else list(payload.items)
    return json.dumps(value, ensure_ascii=False).encode()


def _xml(payload: Payload) -> bytes:
    root = ET.Element(payload.root)
    for item in payload.items:
        _fill(root if payload.single else ET.SubElement(root, payload.child), item)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _fill(element: ET.Element, item: Mapping[str, Any]) -> None:
    for name, value in item.items():
        child = ET.SubElement(element, name)
        if isinstance(value, list):
            _fill_list(child, value)
        elif value is not None:
            child.text = _text(value)


def _fill_list(element: ET.Element, values: Sequence[Any]) -> None:
    for value in values:
        child = ET.SubElement(element, CHILDREN[element.tag])
        if isinstance(value, Mapping):
            _fill(child, value)
        else:
            child.text = _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).translate(_UNWRITABLE)
