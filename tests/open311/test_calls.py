"""The calls of GeoReport v2, one behaviour each."""

import hashlib
import json
import uuid
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from lingka.accounts.models import ApiKey
from lingka.cases.models import Case, Contact
from lingka.core.ids import uuid7
from tests.cases.city import City
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]
SECRET = "a key for tests"
REPORT = {
    "api_key": SECRET,
    "service_code": "light.out",
    "lat": "29.65",
    "long": "91.13",
    "description": "路灯不亮，台阶看不见",
}


@pytest.fixture(autouse=True)
def key(city: City) -> ApiKey:
    return ApiKey.objects.create(
        uuid=uuid7(),
        name="tests",
        hash=hashlib.sha256(SECRET.encode()).digest(),
        scopes=["open311:write"],
    )


def post(client: Client, **changes: Any) -> Any:
    form = {name: value for name, value in (REPORT | changes).items() if value is not None}
    return client.post("/open311/v2/requests.json", form)


def refused(answer: Any, status: int) -> str:
    """The description of an error, after checking its shape."""
    assert answer.status_code == status
    (error,) = json.loads(answer.content)
    assert error["code"] == status
    return str(error["description"])


def test_a_post_opens_a_case_and_gives_its_number_and_receipt(client: Client) -> None:
    answer = post(client)
    assert answer.status_code == 201
    (made,) = answer.json()
    case = Case.objects.get(number=made["service_request_id"])
    assert case.channel == "open311"
    assert case.grid_id is not None
    assert "/r/" in made["service_notice"]


def test_contact_that_came_along_is_kept_sealed(client: Client) -> None:
    post(client, email="somebody@example.org", phone="13900000000")
    assert b"somebody" not in bytes(Contact.objects.get().sealed)


def test_a_post_without_a_key_is_forbidden(client: Client) -> None:
    assert "api_key" in refused(post(client, api_key=None), 403)


def test_a_key_without_that_leave_is_forbidden(client: Client, key: ApiKey) -> None:
    key.scopes = ["cases:read"]
    key.save()
    refused(post(client), 403)


def test_a_post_without_a_service_is_a_bad_request(client: Client) -> None:
    assert "service_code" in refused(post(client, service_code=None), 400)


def test_an_unknown_service_is_not_found(client: Client) -> None:
    refused(post(client, service_code="no.such"), 404)


def test_half_a_point_is_a_bad_request(client: Client) -> None:
    assert "long" in refused(post(client, long=None), 400)


def test_a_report_must_say_where(client: Client) -> None:
    refused(post(client, lat=None, long=None), 400)


def test_an_answer_to_a_question_that_is_not_asked_is_refused(client: Client) -> None:
    assert "colour" in refused(post(client, **{"attribute[colour]": "red"}), 400)


def test_the_same_key_of_a_retry_gives_the_first_case(client: Client) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first = client.post("/open311/v2/requests.json", REPORT, headers=headers)
    again = client.post("/open311/v2/requests.json", REPORT, headers=headers)
    assert first.json() == again.json()
    assert Case.objects.count() == 1


def test_the_list_is_filtered_by_status_and_service(client: Client, city: City) -> None:
    opened = city.open("light.out")
    city.open("road.hole")
    here = "/open311/v2/requests.json?status=open&service_code=light.out"
    assert [one["service_request_id"] for one in client.get(here).json()] == [opened.case_number]
    assert client.get(here.replace("open&", "closed&")).json() == []


def test_types_that_are_not_listed_stay_out_of_public_lists(client: Client, city: City) -> None:
    opened = city.open("help.policy")
    assert client.get("/open311/v2/requests.json").json() == []
    refused(client.get(f"/open311/v2/requests/{opened.case_number}.json"), 404)


def test_the_public_location_is_rounded(client: Client, city: City) -> None:
    opened = city.open("light.out", lon=91.1301234, lat=29.6501234)
    (shown,) = client.get(f"/open311/v2/requests/{opened.case_number}.json").json()
    assert shown["long"] != pytest.approx(91.1301234, abs=1e-6)
    assert shown["long"] == pytest.approx(91.13, abs=0.005)


def test_numbers_override_every_other_filter(client: Client, city: City) -> None:
    opened = city.open("light.out")
    here = f"/open311/v2/requests.json?service_request_id={opened.case_number}&status=closed"
    assert len(client.get(here).json()) == 1


def test_errors_are_written_in_the_format_asked_for(client: Client) -> None:
    answer = client.get("/open311/v2/requests/NOSUCH1.xml")
    assert answer.status_code == 404
    assert ET.fromstring(answer.content).findtext("error/code") == "404"


def test_another_jurisdiction_is_not_found(client: Client) -> None:
    refused(client.get("/open311/v2/services.json?jurisdiction_id=elsewhere"), 404)


def test_discovery_names_both_formats_and_the_endpoint(client: Client) -> None:
    about = client.get("/open311/v2/discovery.json").json()
    assert about["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    root = ET.fromstring(client.get("/open311/v2/discovery.xml").content)
    assert root.findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_a_number_is_its_own_token(client: Client, city: City) -> None:
    opened = city.open("light.out")
    (found,) = client.get(f"/open311/v2/tokens/{opened.case_number}.json").json()
    assert found["service_request_id"] == opened.case_number


@pytest.mark.parametrize("path", ["requests.html.json", "services/../x.json", "nothing.json"])
def test_an_unknown_resource_is_an_error_in_the_format_asked_for(client: Client, path: str) -> None:
    refused(client.get(f"/open311/v2/{path}"), 404)


def test_a_method_that_is_not_allowed_is_an_error_and_names_those_that_are(client: Client) -> None:
    answer = client.delete("/open311/v2/requests.json")
    refused(answer, 405)
    assert answer["Allow"] == "GET, HEAD, POST"
    refused(client.post("/open311/v2/services.json"), 405)


def test_a_jurisdiction_in_the_address_counts_for_a_post_too(client: Client) -> None:
    answer = client.post("/open311/v2/requests.json?jurisdiction_id=elsewhere", REPORT)
    refused(answer, 404)


UPDATES = "/open311/v2/servicerequestupdates"


def test_updates_tell_the_stages_that_a_case_entered(client: Client, city: City) -> None:
    client.cookies["language"] = "en"
    opened = city.at("handling")
    first, second = client.get(f"{UPDATES}.json").json()
    assert first == {
        "update_id": first["update_id"],
        "service_request_id": opened.case_number,
        "status": "open",
        "external_status_code": "dispatch",
        "updated_datetime": "2026-11-16T02:00:00Z",
        "description": "Being routed",
        "media_url": None,
    }
    assert second["external_status_code"] == "handling"
    assert second["update_id"] != first["update_id"]


def test_an_update_of_a_case_that_ended_says_closed(client: Client, city: City) -> None:
    opened = city.open()
    city.do(opened, "decline", "dispatcher", reason="outside", words="请找市里")
    (told,) = client.get(f"{UPDATES}.json").json()
    assert (told["status"], told["external_status_code"]) == ("closed", "closed")


def test_updates_are_written_in_xml_as_the_extension_has_it(client: Client, city: City) -> None:
    opened = city.at("accepted")
    root = ET.fromstring(client.get(f"{UPDATES}.xml").content)
    assert root.tag == "service_request_updates"
    assert root.findtext("request_update/service_request_id") == opened.case_number
    assert root.findtext("request_update/status") == "open"


def test_updates_tell_nothing_of_types_that_are_not_listed(client: Client, city: City) -> None:
    city.at("accepted", case_type="help.policy")
    assert client.get(f"{UPDATES}.json").json() == []


def test_updates_tell_nothing_of_what_is_said_or_noted(client: Client, city: City) -> None:
    opened = city.at("handling")
    before = client.get(f"{UPDATES}.json").json()
    city.do(opened, "note", "handler", note="要换一根杆子")
    city.do(opened, "reply", "handler", words="明天来修")
    assert client.get(f"{UPDATES}.json").json() == before
    assert "路灯不亮" not in client.get(f"{UPDATES}.xml").content.decode()


def test_updates_are_asked_for_by_span_and_page(client: Client, city: City) -> None:
    city.at("handling")
    span = "start_date=2026-11-16T01:00:00Z&end_date=2026-11-16T03:00:00Z"
    every = client.get(f"{UPDATES}.json?{span}").json()
    paged = [client.get(f"{UPDATES}.json?{span}&page_size=1&page={n}").json() for n in (1, 2, 3)]
    assert paged == [every[:1], every[1:], []]
    earlier = "start_date=2026-11-15T01:00:00Z&end_date=2026-11-16T01:00:00Z"
    assert client.get(f"{UPDATES}.json?{earlier}").json() == []


def test_updates_are_read_with_the_same_care_as_requests(client: Client) -> None:
    refused(client.get(f"{UPDATES}.json?start_date=yesterday"), 400)
    refused(client.get(f"{UPDATES}.json?jurisdiction_id=elsewhere"), 404)
    answer = client.post(f"{UPDATES}.json", {"description": "x"})
    refused(answer, 405)
    assert answer["Allow"] == "GET, HEAD"


def test_an_answer_that_is_no_choice_of_the_question_is_refused(client: Client) -> None:
    answer = post(client, service_code="water.burst", **{"attribute[inside]": "moon"})
    assert "attribute[inside]" in refused(answer, 400)


def test_a_request_is_expected_when_it_is_promised_to_be_solved(client: Client, city: City) -> None:
    case = Case.objects.get(uuid=city.at("dispatched").case_uuid)
    (told,) = client.get(f"/open311/v2/requests/{case.number}.json").json()
    assert told["expected_datetime"] == case.clocks["resolve"]["due"].replace("+00:00", "Z")
