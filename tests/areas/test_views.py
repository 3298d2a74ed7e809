"""The base map of the report page comes from our own areas."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query", ["", "?lon=91.1", "?lon=x&lat=1", "?lon=nan&lat=1", "?lon=500&lat=1"]
)
def test_a_point_that_is_none_is_refused(client, query):
    assert client.get(f"/map/around.json{query}").status_code == 400


def test_a_point_outside_all_grids_gives_an_empty_map(client):
    answer = client.get("/map/around.json?lon=91.1&lat=29.6")
    assert answer["Content-Type"] == "application/geo+json"
    assert answer.json() == {"type": "FeatureCollection", "features": []}


def test_an_unchanged_map_is_not_sent_twice(client):
    first = client.get("/map/around.json?lon=91.1&lat=29.6")
    again = client.get(
        "/map/around.json?lon=91.1&lat=29.6", headers={"if-none-match": first["ETag"]}
    )
    assert again.status_code == 304
