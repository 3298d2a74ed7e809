"""Lists taken out as Excel files: what is in them, who gets them, what a killed worker leaves."""

import stat
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.test import Client

from lingka.accounts.models import Post, User
from lingka.cases import actions as cases
from lingka.core import clock
from lingka.core.permissions import PermissionRefused
from lingka.desks import actions, selectors
from lingka.desks.actions import lists
from lingka.desks.models import ListFile
from tests.cases import city as cities
from tests.cases.city import City, case_of


def signed_in(who: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=who))
    return client


def taken(city: City, who: str = "dispatcher", key: str = "cases-queue", **query: str) -> UUID:
    return actions.take_list(key, query, actor=city.staff[who], language="en")


def rows_of(city: City, uuid: UUID, who: str = "dispatcher") -> list[list[Any]]:
    while actions.make_some(uuid):
        pass
    found = selectors.list_file(uuid, city.staff[who])
    assert found is not None
    sheet = openpyxl.load_workbook(BytesIO(found[1])).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_list_holds_what_the_queue_holds_and_no_words_or_contacts(city: City) -> None:
    contact = cases.ContactData(name="卓玛", phone="13900001234")
    opened = [city.open(words="阿妈家门口的灯", contact=contact) for _ in range(3)]
    rows = rows_of(city, taken(city))
    codes = {row[0].replace("-", "") for row in rows[1:]}
    assert codes == {case_of(one).number for one in opened}
    text = repr(rows)
    assert "13900001234" not in text
    assert "卓玛" not in text
    assert "阿妈家" not in text


def test_only_filters_are_kept_of_the_link_that_a_list_was_asked_by(city: City) -> None:
    asked = {"listing": "cases-queue", "query": "tab=late&area=/1/2/&name=%E5%8D%93%E7%8E%9B&x=%00"}
    assert signed_in("dispatcher").post("/desk/lists/", asked).status_code == 302
    assert ListFile.objects.get().query == {"tab": "late", "area": "/1/2/"}


def test_a_killed_worker_leaves_nothing_behind_that_counts(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "BATCH", 2)
    opened = [city.open() for _ in range(5)]
    uuid = taken(city)
    actions.make_some(uuid)
    with (lists.folder() / f"{uuid}.rows").open("ab") as torn:
        torn.write(b'["half a ro')
    assert ListFile.objects.get(uuid=uuid).done == 2
    rows = rows_of(city, uuid)
    assert [row[0].replace("-", "") for row in rows[1:]] == [case_of(one).number for one in opened]


def test_a_list_is_of_the_moment_it_was_asked_for(city: City) -> None:
    city.open()
    uuid = taken(city)
    city.open()
    assert len(rows_of(city, uuid)) == 1 + 1


def test_what_the_posts_may_not_see_is_left_out(city: City) -> None:
    uuid = taken(city, "handler")
    other = case_of(city.open(case_type="water.burst", words="爆管"))
    ListFile.objects.filter(uuid=uuid).update(keys=[other.pk])
    assert len(rows_of(city, uuid, "handler")) == 1


def test_only_who_asked_gets_the_file(city: City) -> None:
    city.open()
    uuid = taken(city)
    rows_of(city, uuid)
    assert signed_in("dispatcher").get(f"/desk/lists/{uuid}/").status_code == 200
    assert signed_in("supervisor").get(f"/desk/lists/{uuid}/").status_code == 404


def test_a_post_that_ended_ends_its_files(city: City) -> None:
    city.open()
    uuid, late = taken(city), taken(city)
    rows_of(city, uuid)
    Post.objects.filter(user__username="dispatcher").update(valid_to=cities.START)
    assert selectors.list_file(uuid, city.staff["dispatcher"]) is None
    actions.make_some(late)
    assert ListFile.objects.get(uuid=late).state == ListFile.State.FAILED


def test_a_list_that_a_post_does_not_reach_is_refused(city: City) -> None:
    with pytest.raises(PermissionRefused):
        taken(city, "handler", "cases-below")
    posted = {"listing": "cases-below"}
    assert signed_in("handler").post("/desk/lists/", posted).status_code == 404


def test_columns_of_the_desk_stay_at_the_desk(city: City) -> None:
    city.at("dispatched")
    assert "Handed back" not in rows_of(city, taken(city, "handler"), "handler")[0]
    assert "Handed back" in rows_of(city, taken(city, tab="others"))[0]


def test_files_are_private_and_gone_after_two_days(city: City) -> None:
    city.open()
    uuid = taken(city)
    rows_of(city, uuid)
    file: Path = lists.folder() / f"{uuid}.xlsx"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with clock.at(cities.MONDAY + timedelta(days=2, minutes=1)):
        assert selectors.list_file(uuid, city.staff["dispatcher"]) is None
        assert actions.sweep_lists() == 1
    assert not any(lists.folder().iterdir())
    assert not ListFile.objects.exists()


def test_the_page_tells_how_far_a_list_is(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "BATCH", 2)
    for _ in range(3):
        city.open()
    client = signed_in("dispatcher")
    client.post("/desk/lists/", {"listing": "cases-queue", "query": "order=new"})
    uuid = ListFile.objects.get().uuid
    actions.make_some(uuid)
    assert "2 of 3" in client.get("/desk/lists/").content.decode()
    rows_of(city, uuid)
    assert f"/desk/lists/{uuid}/" in client.get("/desk/lists/").content.decode()


def test_a_formula_in_a_name_stays_a_text(city: City) -> None:
    name = {"zh-hans": '=HYPERLINK("x")', "bo": "=1", "en": "=1+1"}
    city.units["light"].name = name
    city.units["light"].save()
    city.at("dispatched")
    rows = rows_of(city, taken(city, tab="others"))
    assert any("=1+1" in row for row in rows[1:])


def test_lists_are_limited_and_their_taking_is_told(city: City) -> None:
    from lingka.core.models import Event

    taken(city, group="light")
    event = Event.objects.get(type="desks.ListTaken")
    assert event.data["query"] == {"group": "light"}
    client = signed_in("dispatcher")
    for _ in range(20):
        client.post("/desk/lists/", {"listing": "cases-queue"})
    assert ListFile.objects.count() == 20
