"""GeoReport v2 as a client sees it that others wrote (`georeport` from the package index)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from georeport import GeoReport

from tests.cases.city import City


@pytest.fixture
def client(live_server: Any, city: City) -> GeoReport:
    return GeoReport(f"{live_server.url}/open311/v2")


def test_the_client_lists_the_services(client: GeoReport) -> None:
    services = client.get_service_list()
    assert {"service_code", "service_name", "metadata", "type", "group"} <= set(services[0])
    assert "light.out" in {service["service_code"] for service in services}


def test_the_client_reads_the_questions_of_a_service(client: GeoReport) -> None:
    definition = client.get_service_definition("light.out")
    assert definition["service_code"] == "light.out"
    assert definition["attributes"][0]["variable"] is True


def test_the_client_finds_a_request_by_number_and_in_the_list(
    client: GeoReport, city: City
) -> None:
    opened = city.open("light.out", words="三号院门口，台阶看不见")
    found = client.get_service_request(opened.case_number)
    assert found["service_request_id"] == opened.case_number
    assert found["status"] == "open"
    assert "台阶看不见" not in str(found)
    start = datetime.now(UTC) - timedelta(days=30)
    listed = client.get_service_requests(start_date=start.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert opened.case_number in {one["service_request_id"] for one in listed}


def test_the_client_reads_xml_too(live_server: Any, city: City) -> None:
    services = GeoReport(f"{live_server.url}/open311/v2", output_format="xml").get_service_list()
    assert "light.out" in str(services)
