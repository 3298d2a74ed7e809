"""A checklist is written in a form: nothing typed is lost, each fault stands beside its field."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingka.accounts.models import User
from lingka.patrols import editing, schema, selectors
from lingka.patrols.actions.publishing import shipped
from tests.cases.city import City, names
from tests.security.patrolling import checklist_form, spreadsheet
from tests.security.stage import _give

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(city: City) -> Client:
    _give(city, "administrator", "administrator", "hall", city.root)
    client = Client()
    client.force_login(User.objects.get(username="administrator"))
    client.cookies["language"] = "en"
    return client


@pytest.mark.parametrize("key", sorted(shipped()))
def test_what_the_form_shows_it_reads_back_unchanged(key: str) -> None:
    body = shipped()[key]
    back = editing.read(checklist_form(body))
    assert back["items"] == body["items"]
    assert {**back, "fits": sorted(back["fits"])} == {**body, "fits": sorted(body["fits"])}


def test_publishing_makes_a_version_with_its_reason(administrator: Client) -> None:
    sent = checklist_form() | {"item-0-text-en": "How is the road now?"}
    assert administrator.post("/desk/checklists/road_ice/edit", sent).status_code == 302
    page = administrator.get("/desk/checklists/road_ice/").content.decode()
    assert "How is the road now?" in page
    assert "改字" in page
    assert "How is the surface?" in administrator.get(
        "/desk/checklists/road_ice/v1/"
    ).content.decode()  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"item-0-text-bo": ""}, "item-0-text-bo"), ({"item-2-most": "many"}, "item-2-most"),
        ({"item-2-most": "nan"}, "item-2-most"), ({"item-2-most": "1e999"}, "item-2-most"),
        ({"item-2-most": "-inf"}, "item-2-most"), ({"item-2-most": "1e18"}, "item-2-most"),
        ({"item-0-text-en": "a\0b"}, "item-0-text-en"), ({"reason": "a\0b"}, "reason"),
        ({"item-1-if": "length > 3"}, "item-1-if"), ({"item-1-key": "ice"}, "item-1-key"),
        ({"item-0-options": "red"}, "item-0-options"), ({"item-0-fails": "blue"}, "item-0-fails"),
        ({"item-0-name-en": ""}, "item-0-name-en"), ({"source-0-date": "x"}, "source-0-date"),
        ({"reason": ""}, "reason"),
    ],
)  # fmt: skip
def test_a_fault_stands_beside_its_field_and_all_stays_typed(
    administrator: Client, changes: dict[str, str], name: str
) -> None:
    page = administrator.post("/desk/checklists/road_ice/edit", checklist_form() | changes)
    assert page.status_code == 422
    assert f'id="{name}_error"' in page.content.decode()
    assert selectors.info("road_ice").number == 1  # type: ignore[union-attr]


def test_items_are_added_moved_and_left_out_without_keeping_anything(
    administrator: Client,
) -> None:
    for do, keys in (
        ("add", ["ice", "where", "item_10"]), ("down-0", ["where", "ice", "icicles"]),
        ("drop-1", ["ice", "length", "cleared"]),
    ):  # fmt: skip
        page = administrator.post("/desk/checklists/road_ice/edit", checklist_form() | {"do": do})
        found = [one.key.value for one in page.context["form"].items]
        assert [found[0], found[1], found[-1 if do != "down-0" else -2]] == keys
    assert len(selectors.versions("road_ice")) == 1


def test_a_checklist_of_a_hundred_items_goes_through_its_form(administrator: Client) -> None:
    asked = [{"key": f"item_{at}", "kind": "check", "text": names("x")} for at in range(100)]
    sent = checklist_form({**shipped()["road_ice"], "items": asked})
    assert administrator.post("/desk/checklists/road_ice/edit", sent).status_code == 302
    selectors.forget()
    found = selectors.info("road_ice")
    assert found
    assert len(found.body["items"]) == 100


def test_the_preview_shows_what_phones_would_ask(administrator: Client) -> None:
    sent = checklist_form() | {"do": "preview", "item-0-text-en": "How is it?"}
    page = administrator.post("/desk/checklists/road_ice/edit", sent).content.decode()
    assert 'id="preview"' in page
    assert "Only if “How is it?”" in page
    assert len(selectors.versions("road_ice")) == 1


def test_a_spreadsheet_becomes_a_form_and_nothing_is_kept_yet(administrator: Client) -> None:
    before = len(selectors.infos())
    page = administrator.post("/desk/checklists/import", {"file": spreadsheet()})
    assert page.status_code == 200
    assert [one.key.value for one in page.context["form"].items][0:2] == ["ice", "where"]
    assert page.context["address"] == "/desk/checklists/new"
    wrong = SimpleUploadedFile("a.xlsx", b"no")
    refused = administrator.post("/desk/checklists/import", {"file": wrong}, follow=True)
    assert "This is no Excel file" in refused.content.decode()
    selectors.forget()
    assert len(selectors.infos()) == before


def test_what_is_out_of_use_leaves_the_list(administrator: Client) -> None:
    administrator.post("/desk/checklists/school/retire")
    assert "/desk/checklists/school/" not in administrator.get("/desk/checklists/").content.decode()


def test_the_first_form_of_a_new_one_holds_together_but_for_its_words() -> None:
    faults = {one.where for one in schema.faults(editing.EMPTY)}
    assert {where.rsplit(".", 1)[0] for where in faults} == {
        "title", "about", "sources", "items.0.text",
    }  # fmt: skip
