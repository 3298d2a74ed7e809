"""A phone carries what lies in its worker's grids, and nothing that changed is skipped."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import connection, transaction
from django.test import Client

from lingka.accounts.models import Post
from lingka.areas import actions as area_actions
from lingka.areas import cache
from lingka.areas.models import Area, Place
from lingka.cases import actions as cases
from lingka.cases.models import Attachment
from lingka.core import clock, codes, epochs, receivers
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.field import pulling
from tests.cases import city as cities
from tests.cases.city import HERE, MONDAY, START, City, case_of, names, picture
from tests.field.conftest import Phone, registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]
Rows = dict[str, dict[str, Any]]


def page(phone: Phone, cursor: str = "") -> Any:
    return phone.client.get("/field/api/v1/pull", {"cursor": cursor}, headers=phone.headers)


def pulled(phone: Phone, cursor: str = "") -> tuple[dict[tuple[str, str], Any], str]:
    """All rows until there are no more, and the cursor."""
    rows: dict[tuple[str, str], Any] = {}
    while True:
        told = page(phone, cursor).json()
        rows |= {(row["kind"], row["id"]): row["data"] for row in told["rows"]}
        cursor = told["cursor"]
        if not told["more"]:
            return rows, cursor


def place(city: City, name: str = "3 号院") -> Place:
    made = Place.objects.create(
        uuid=uuid7(), code=codes.short_code(), kind="building", name=names(name),
        grid=city.grid, lon=HERE[0], lat=HERE[1],
    )  # fmt: skip
    cache.forget()
    return made


def test_the_first_pull_brings_the_worker_s_grids_with_places_and_open_cases(
    city: City, phone: Phone
) -> None:
    yard = place(city)
    opened, closed = city.open(place_id=yard.pk), city.open()
    city.do(closed, "withdraw", city.reporter(closed))
    elsewhere = city.open(lon=92.5, lat=30.5)
    rows, _cursor = pulled(phone)
    assert rows["me", "me"]["grids"] == [str(city.grid.uuid)]
    assert rows["grid", str(city.grid.uuid)]["outline"]["type"] == "Polygon"
    assert rows["place", str(yard.uuid)]["name"] == names("3 号院")
    assert set(rows["case_type", "light.out"]["name"]) == {"zh-hans", "bo", "en"}
    assert [one for kind, one in rows if kind == "case"] == [str(opened.case_uuid)]
    assert ("case", str(elsewhere.case_uuid)) not in rows


def test_a_case_says_what_is_to_be_done_and_what_the_worker_may_do(
    city: City, phone: Phone
) -> None:
    opened = city.open(place_id=place(city).pk, address="乙街 9 号")
    rows, _cursor = pulled(phone)
    case = rows["case", str(opened.case_uuid)]
    assert (case["words"], case["address"], case["stage"]) == ("路灯不亮", "乙街 9 号", "intake")
    offered = {one["key"]: one for one in case["actions"]}
    assert offered["note"]["allowed"]
    assert offered["note"]["needs"][0]["label"]["en"] == "Note"
    assert "accept" not in offered, "what is not for a grid worker is absent"


def test_the_photos_of_a_case_are_named_and_open_small_for_its_worker(
    city: City, phone: Phone, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    opened, photo = city.open(), picture()
    Attachment.objects.filter(uuid=photo).update(case=case_of(opened))
    case = pulled(phone)[0]["case", str(opened.case_uuid)]
    assert (case["photos"], case["pictures"]) == (1, [str(photo)])
    small = phone.client.get(f"/desk/cases/{case['number']}/files/{photo}/?small=1")
    assert small["Content-Type"].startswith("image/")


def test_no_contact_and_no_token_is_ever_carried(city: City, phone: Phone) -> None:
    opened = city.open(contact=cases.ContactData(name="卓玛", phone="13900001234"))
    text = page(phone).content.decode()
    assert "路灯不亮" in text
    assert not [word for word in ("卓玛", "13900001234", opened.token) if word in text]


def test_a_page_comes_pressed_to_a_phone_that_can_open_it(city: City, phone: Phone) -> None:
    for _number in range(5):
        city.open()
    plain = page(phone)
    pressed = phone.client.get(
        "/field/api/v1/pull", headers={**phone.headers, "Accept-Encoding": "gzip"}
    )
    assert pressed["Content-Encoding"] == "gzip"
    assert len(pressed.content) < len(plain.content) / 3
    assert [row["id"] for row in json.loads(gzip.decompress(pressed.content))["rows"]] == [
        row["id"] for row in plain.json()["rows"]
    ]


@pytest.mark.usefixtures("seen_at_once")
def test_what_changes_afterwards_comes_and_what_ends_is_taken_away(
    city: City, phone: Phone
) -> None:
    first, yard = city.open(), place(city)
    _rows, cursor = pulled(phone)
    second = city.open()
    city.do(first, "withdraw", city.reporter(first))
    area_actions.retire_place(yard.pk, actor=SYSTEM)
    told = page(phone, cursor).json()
    assert told["reset"] is False
    rows = {(row["kind"], row["id"]): row["data"] for row in told["rows"]}
    assert rows.pop(("case", str(first.case_uuid))) is None
    assert rows.pop(("place", str(yard.uuid))) is None
    assert rows.pop(("case", str(second.case_uuid)))["stage"] == "intake"
    assert not rows


@pytest.mark.usefixtures("seen_at_once")
def test_a_place_that_was_moved_elsewhere_is_taken_away(city: City, phone: Phone) -> None:
    cities.grid_elsewhere()
    yard = place(city)
    _rows, cursor = pulled(phone)
    moved = {"point": {"from": [yard.lon, yard.lat], "to": [92.05, 30.05]}}
    area_actions.correct_place(yard.uuid, moved, actor=SYSTEM)
    area_actions.correct_place(
        yard.uuid, {"kind": {"from": "building", "to": "shop"}}, actor=SYSTEM
    )
    rows, _cursor = pulled(phone, cursor)
    assert rows == {("place", str(yard.uuid)): None}


@pytest.mark.usefixtures("seen_at_once")
def test_everything_comes_in_pages_of_whatever_size(
    city: City, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {str(city.open().case_uuid) for _ in range(7)} | {str(place(city).uuid)}
    monkeypatch.setattr(pulling, "PAGE", 3)
    monkeypatch.setattr(pulling, "LOOKED_AT", 2)
    rows, cursor = pulled(phone)
    assert wanted == {id_ for kind, id_ in rows if kind in {"case", "place"}}
    later = {str(city.open().case_uuid) for _ in range(5)}
    rows, _cursor = pulled(phone, cursor)
    assert later <= {id_ for _kind, id_ in rows}


def test_another_scope_begins_anew(city: City, phone: Phone) -> None:
    _rows, cursor = pulled(phone)
    assert page(phone, cursor).json()["reset"] is False
    Post.objects.create(
        user_id=city.staff["walker"].id, role="verifier", unit=city.units["office"],
        area=city.street, valid_from=START,
    )  # fmt: skip
    assert page(phone, cursor).json()["reset"] is True


def test_another_epoch_begins_anew_and_is_told(city: City, phone: Phone) -> None:
    _rows, cursor = pulled(phone)
    token = epochs.begin()
    told = page(phone, cursor).json()
    assert (told["reset"], told["epoch"]) == (True, str(token))


def test_a_cursor_ahead_of_the_log_begins_anew(city: City, phone: Phone) -> None:
    told = page(phone).json()
    ahead = pulling.Cursor(told["epoch"], pulling.read_cursor(told["cursor"]).scope, 2**61, 1, 9)  # type: ignore[union-attr]
    assert page(phone, ahead.text()).json()["reset"] is True


@pytest.mark.parametrize("text", ["x", "AAAA", "W10", "e30", "bnVsbA", "\udce4", "[" * 3000])
def test_a_cursor_that_makes_no_sense_begins_anew(phone: Phone, text: str) -> None:
    assert pulling.read_cursor(text) is None
    if text.isascii():
        assert page(phone, text).json()["reset"] is True


def test_a_worker_of_the_whole_town_carries_no_more_than_forty_grids(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "MOST_GRIDS", 1)
    box = shapely.box(91.4, 29.5, 91.5, 29.6)
    row = Area.objects.create(
        uuid=uuid7(), code="540102001001002", level="grid", name=names("二"),
        parent=city.grid.parent, path="/", kind="comprehensive", boundary=shapely.to_wkb(box),
        lon=91.4, lat=29.5, valid_from=START,
    )  # fmt: skip
    row.path = f"{city.grid.path.rsplit('/', 2)[0]}/{row.pk}/"
    row.save(update_fields=["path"])
    cache.forget()
    rows, _cursor = pulled(registered(city.staff["supervisor"].id))
    assert rows["me", "me"]["left_out"] == 1
    assert set(rows["me", "me"]["kinds"]["street"]) == {"zh-hans", "bo", "en"}
    assert len(rows["me", "me"]["grids"]) == 1


def test_pulling_asks_for_the_worker_s_own_session(city: City, phone: Phone) -> None:
    assert phone.client.get("/field/api/v1/pull").status_code == 401
    other = registered(city.staff["handler"].id)
    assert phone.client.get("/field/api/v1/pull", headers=other.headers).status_code == 403
    nobody = Client().get("/field/api/v1/pull", headers=phone.headers)
    assert (nobody.status_code, nobody.json()["type"]) == (401, "/problems/session")


# -- committed late ---------------------------------------------------------------------------


@pytest.fixture
def live(transactional_db: None) -> Iterator[City]:
    with clock.at(MONDAY):
        yield cities.build()


def late_commit(city: City, pull: Callable[[], Any]) -> None:
    """A case whose transaction is older than another's that was pulled before it ended."""
    written, pulled_ = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with clock.at(MONDAY), transaction.atomic():
                city.open(words="早写晚到")
                written.set()
                pulled_.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(20)
    city.open(words="晚写早到")
    pull()
    pulled_.set()
    thread.join(20)


def words_after_a_late_commit(city: City) -> set[str]:
    """What a phone has read that pulled while an older transaction was open, and once more."""
    phone = registered(city.staff["walker"].id)
    rows, cursor = pulled(phone)

    def pull() -> None:
        nonlocal cursor
        more, cursor = pulled(phone, cursor)
        rows.update(more)

    late_commit(city, pull)
    pull()
    return {data["words"] for (kind, _id), data in rows.items() if kind == "case" and data}


def test_what_is_committed_late_is_never_skipped(live: City) -> None:
    assert words_after_a_late_commit(live) == {"早写晚到", "晚写早到"}


def test_without_the_horizon_it_would_be(live: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        receivers, "_HORIZON", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    )
    assert words_after_a_late_commit(live) == {"晚写早到"}
