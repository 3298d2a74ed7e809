from types import SimpleNamespace

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.areas import selectors
from lingka.areas.models import Area
from lingka.areas.permissions import may_administer
from lingka.core import codes
from lingka.core.models import Event

from .conftest import COMMUNITY, Town, middle, square
from .test_actions import feature, geojson


@pytest.fixture
def administrator(monkeypatch: pytest.MonkeyPatch) -> Client:
    return at_the_desk(monkeypatch, 0, "/")


def at_the_desk(monkeypatch: pytest.MonkeyPatch, area_id: int, path: str) -> Client:
    """Somebody signed in who administers one area."""
    posts = [SimpleNamespace(role="administrator", area_id=area_id, area_path=path)]
    monkeypatch.setattr("lingka.areas.pages._posts", lambda _request: posts)
    client = Client()
    client.force_login(User.objects.create(username="guanli", name="Guanli"))
    return client


def test_strangers_are_asked_to_sign_in(town: Town) -> None:
    for address in ("/desk/areas/", "/desk/areas/1/", "/desk/areas/1/sheets.pdf"):
        assert "/accounts/login/" in Client().get(address).url
    assert "/accounts/login/" in Client().post("/desk/areas/import/").url
    assert not may_administer([SimpleNamespace(role="dispatcher", area_id=1, area_path="/1/")])


def test_a_community_s_administrator_sees_its_own_branch_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    trunk = town.trunk()
    grid = town.grid(1, trunk, square(0, 0))
    client = at_the_desk(monkeypatch, trunk.id, trunk.path)
    assert trunk.code in client.get("/desk/areas/").content.decode()
    assert client.get(f"/desk/areas/{grid.id}/").status_code == 200
    assert client.get(f"/desk/areas/{trunk.parent_id}/").status_code == 403
    assert client.get(f"/desk/areas/{trunk.parent_id}/sheets.pdf").status_code == 403
    assert client.post("/desk/areas/import/").status_code == 403


def test_the_tree_leads_down_to_the_doors_of_a_grid(town: Town, administrator: Client) -> None:
    trunk = town.trunk()
    grid = town.grid(1, trunk, square(0, 0))
    place = town.place(grid, codes.short_code(), *middle(0, 0))
    assert trunk.code in administrator.get(f"/desk/areas/{trunk.parent_id}/").content.decode()
    shown = administrator.get(f"/desk/areas/{grid.id}/").content.decode()
    assert codes.pretty(place.code) in shown
    sheet = administrator.get(f"/desk/areas/{grid.id}/sheets.pdf")
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")


def test_a_place_that_is_gone_is_retired_and_its_code_says_so(
    town: Town, administrator: Client
) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0))
    gone, other = (town.place(grid, codes.short_code(), *middle(0, 0)) for _one in range(2))
    administrator.cookies["language"] = "en"
    answer = administrator.post(f"/desk/places/{gone.id}/retire/", follow=True)
    assert f"{gone.code} is no longer in use" in answer.content.decode()
    assert [one.id for one in selectors.places_in(grid.id)] == [other.id]
    assert Event.objects.filter(stream_id=gone.uuid, type="areas.PlaceRetired").count() == 1
    door = administrator.get(f"/p/{gone.code}")
    shown = door.content.decode()
    assert door.status_code == 410
    assert "no longer in use" in shown
    assert "We do not know this code" not in shown
    assert 'href="/report/other.any"' in shown  # the plain report, without the place
    assert administrator.get(f"/p/{other.code}").status_code == 200


def test_a_place_of_another_area_is_not_for_one_to_retire(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    trunk = town.trunk()
    place = town.place(town.grid(1, trunk, square(0, 0)), codes.short_code(), *middle(0, 0))
    client = at_the_desk(monkeypatch, 0, "/nowhere/")
    assert client.post(f"/desk/places/{place.id}/retire/").status_code == 403
    assert client.post("/desk/places/999999/retire/").status_code == 404
    assert selectors.place_by_code(place.code) is not None


def test_one_sticker_is_printed_again(town: Town, administrator: Client) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0))
    first, _second = (town.place(grid, codes.short_code(), *middle(0, 0)) for _one in range(2))
    asked: list[list[int]] = []

    def sheet(ids: list[int], **_more: str) -> bytes:
        asked.append(ids)
        return b"%PDF"

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("lingka.areas.pages.door_sheet", sheet)
        page = administrator.get(f"/desk/areas/{grid.id}/").content.decode()
        again = f"/desk/areas/{grid.id}/sheets.pdf?place={first.id}"
        assert again in page
        assert administrator.get(again).status_code == 200
    assert asked == [[first.id]]
    assert administrator.get(f"/desk/areas/{grid.id}/sheets.pdf?place=x").status_code == 400


def test_a_grid_without_doors_has_no_sheet(town: Town, administrator: Client) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0))
    assert administrator.get(f"/desk/areas/{grid.id}/sheets.pdf").status_code == 400
    assert administrator.get("/desk/areas/999999/").status_code == 404


def send(client: Client, press: str, file: object) -> str:
    given = {"kind": "areas", "datum": "wgs84", "file": file, press: "1"}
    return client.post("/desk/areas/import/", given).content.decode()


def test_trying_names_the_line_and_taking_in_needs_a_second_press(
    town: Town, administrator: Client
) -> None:
    town.trunk()
    good, wrong = feature(f"{COMMUNITY}001", square(0, 0)), feature("7", square(0, 0))
    assert '<th scope="row">3</th>' in send(administrator, "take", geojson(good, wrong))
    send(administrator, "try", geojson(good))
    assert not Area.objects.filter(level="grid").exists()
    send(administrator, "take", geojson(good))
    assert Area.objects.filter(level="grid").count() == 1


def test_a_file_that_cannot_be_read_is_said_beside_the_field(
    town: Town, administrator: Client
) -> None:
    town.trunk()
    answer = administrator.post("/desk/areas/import/", {"kind": "areas", "datum": "wgs84"})
    assert answer.status_code == 422
    from django.core.files.base import ContentFile

    assert "field-error" in send(administrator, "try", ContentFile(b"x", name="x.pdf"))


def test_loading_the_address_of_a_report_anew_begins_again(
    town: Town, administrator: Client
) -> None:
    answer = administrator.get("/desk/areas/import/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/areas/")
