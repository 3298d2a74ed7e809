"""GeoReport on the wire."""

import json
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

from lingka.open311.render import Payload, moment, respond

ONE = Payload("service_requests", "request", [{"service_request_id": "5KX87MD", "zipcode": None}])


def test_json_drops_the_root_and_is_an_array() -> None:
    answer = respond(ONE, "json")
    assert json.loads(answer.content) == [{"service_request_id": "5KX87MD", "zipcode": None}]
    assert answer["Content-Type"] == "application/json; charset=utf-8"


def test_xml_has_a_declaration_and_empty_elements_for_nothing() -> None:
    answer = respond(ONE, "xml")
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    request = ET.fromstring(answer.content).find("request")
    assert request is not None
    assert request.findtext("service_request_id") == "5KX87MD"
    assert request.find("zipcode") is not None
    assert answer["Content-Type"] == "text/xml; charset=utf-8"


def test_lists_hold_named_children_and_booleans_are_lower_case() -> None:
    attributes = [{"code": "depth", "required": True, "values": [{"key": "1", "name": "浅"}]}]
    payload = Payload("service_definition", "", [{"attributes": attributes}], single=True)
    root = ET.fromstring(respond(payload, "xml").content)
    assert root.findtext("attributes/attribute/required") == "true"
    assert root.findtext("attributes/attribute/values/value/name") == "浅"


def test_signs_that_xml_cannot_write_are_left_out() -> None:
    payload = Payload("errors", "error", [{"description": "a\x0bb<c>"}])
    assert ET.fromstring(respond(payload, "xml").content).findtext("error/description") == "ab<c>"


def test_times_are_written_in_utc_with_z() -> None:
    lhasa = timezone(timedelta(hours=8))
    assert moment(datetime(2026, 11, 21, 8, 0, tzinfo=lhasa)) == "2026-11-21T00:00:00Z"
    assert moment(datetime(2026, 11, 21, tzinfo=UTC)) == "2026-11-21T00:00:00Z"
    assert moment(None) is None
