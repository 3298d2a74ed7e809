"""One chooses from the nearest of a town's many units and grids, the rest by their names."""

import re
from typing import Any

import pytest
from django.test import Client

from lingka.accounts import selectors as accounts
from lingka.accounts.models import User
from lingka.areas import cache
from lingka.areas.models import Area
from lingka.cases.selectors import near
from lingka.core.ids import uuid7
from lingka.units import selectors as units
from lingka.units.models import Unit
from tests.cases.city import START, City, names


@pytest.fixture
def crowded(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """Nine teams of the grid beside the units of the street, and a page that shows four."""
    for number in range(9):
        Unit.objects.create(
            uuid=uuid7(), key=f"team{number}", kind="grid_team", area=city.grid,
            calendar=city.units["light"].calendar, name=names(f"网格队{number}"),
        )  # fmt: skip
    units.forget()
    monkeypatch.setattr(near, "MOST", 4)
    return city


@pytest.fixture
def desk(crowded: City) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username="dispatcher"))
    return client


def posts(city: City) -> list[Any]:
    return accounts.posts_of(city.staff["dispatcher"].id or 0)


def offered(page: str, name: str = "unit") -> list[str]:
    """What can be chosen there, but for “all” and “choose”."""
    select = re.findall(rf'<select[^>]* name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)[-1]
    return re.findall(r'<option value="([^"]+)"', select)


def test_the_nearest_units_come_first_and_the_others_are_counted(crowded: City) -> None:
    found = near.units_near(posts(crowded))
    assert [name for _key, name in found.shown] == ["checkers", "office", "hall", "light"]
    assert found.more == len(units.units()) - 4


def test_a_unit_is_found_by_a_part_of_its_name_in_any_language(crowded: City) -> None:
    found = near.units_near(posts(crowded), "网格队7")
    assert [name for _key, name in found.shown] == ["网格队7"]
    assert near.units_near(posts(crowded), "no such team").shown == []


def test_what_is_chosen_stays_among_what_is_shown(crowded: City) -> None:
    far = str(Unit.objects.get(key="team8").id)
    assert far not in dict(near.units_near(posts(crowded)).shown)
    assert far in dict(near.units_near(posts(crowded), chosen=far).shown)
    assert near.is_near(posts(crowded), far)
    assert not near.is_near(posts(crowded), "999999")


def test_higher_areas_are_kept_before_grids_and_stand_as_in_the_tree(crowded: City) -> None:
    above = Area.objects.get(level="community")
    for number in range(5):
        row = Area.objects.create(
            uuid=uuid7(), code=f"5401020010019{number:02}", level="grid", parent=above,
            name=names(f"格{number}"), path="/", kind="", boundary=None, lon=91.1, lat=29.6,
            valid_from=START,
        )  # fmt: skip
        Area.objects.filter(pk=row.pk).update(path=f"{above.path}{row.pk}/")
    cache.forget()
    found = near.areas_near(posts(crowded))
    assert [path for path, _name in found.shown][:2] == [crowded.street.path, above.path]
    assert (len(found.shown), found.more) == (4, 4)
    assert [name for _path, name in near.areas_near(posts(crowded), "格3").shown] == ["格3"]


def test_the_hand_over_finds_a_unit_and_keeps_what_was_ticked_and_typed(
    crowded: City, desk: Client
) -> None:
    opened = crowded.at("handling")
    page = desk.get("/desk/?tab=others&select=1").content.decode()
    assert "more are found by a part of their names" in page
    sent = {"action": "find", "like": "网格队7", "note": "交接", "case": [opened.case_number]}
    answer = desk.post("/desk/bulk/?tab=others&select=1", sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert offered(page) == [str(Unit.objects.get(key="team7").id)]
    assert re.findall(r'value="([^".]+)[^>]*checked', page) == [opened.case_number]
    assert "交接</textarea>" in page
    sent |= {"action": "reassign", "unit": offered(page)[0]}
    assert "1 of 1 case done" in desk.post("/desk/bulk/?tab=others", sent).content.decode()


def test_a_name_that_no_unit_has_is_said_beside_the_field(crowded: City, desk: Client) -> None:
    answer = desk.post("/desk/bulk/", {"action": "find", "like": "港务局"})
    assert (answer.status_code, 'id="hand-over-like-error"' in answer.content.decode()) == (
        422,
        True,
    )


def test_enter_in_the_form_of_many_finds_and_does_nothing_to_the_cases(desk: Client) -> None:
    page = desk.get("/desk/?select=1").content.decode()
    form = page.partition('class="desk-bulk"')[2]
    assert re.findall(r'<button[^>]* name="action" value="(\w+)"', form)[0] == "find"


def test_the_lists_filters_find_by_name_too(crowded: City, desk: Client) -> None:
    page = desk.get("/desk/?tab=others").content.decode()
    assert len(offered(page)) == 4
    assert "more: find them by their names" in page
    page = desk.get("/desk/?tab=others&sought=网格队7").content.decode()
    assert offered(page) == [str(Unit.objects.get(key="team7").id)]
