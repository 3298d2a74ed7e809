"""Joint drives: several units, one name; the summary writes itself."""

import io
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import typst
from openpyxl import load_workbook

from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.patrols import actions, selectors
from lingka.patrols.actions import Part
from lingka.patrols.models import Drive, JointVisit, Plan, Round
from lingka.patrols.selectors import boards, drives
from tests.cases.city import MONDAY, City, names
from tests.patrols import town as towns
from tests.patrols.test_pages import signed_in, text
from tests.patrols.test_submitting import answers, blocked, picture, submit
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 27)


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


def part(town: Town, unit: int, **changes: Any) -> Part:
    given: dict[str, Any] = {
        "area": town.city.grid.pk, "place_kind": "restaurant", "checklist": "restaurant",
        "rule": "FREQ=DAILY", "hours": ("09:00", "18:00"),
    }  # fmt: skip
    return Part(unit, **(given | changes))


def drive(town: Town) -> UUID:
    """Two units look at the same restaurant, each at something of its own."""
    desk = town.city.staff["dispatcher"]
    made = actions.make_drive(names("餐饮燃气整治"), town.city.grid.pk, FIRST, LAST, actor=desk)
    actions.join_drive(made, part(town, town.team.pk), actor=desk)
    actions.join_drive(made, part(town, _office(town), checklist=""), actor=desk)
    return made


def _office(town: Town) -> int:
    return int(town.city.units["office"].pk)


def test_each_unit_looks_by_a_plan_of_its_own_for_as_long_as_the_drive_lasts(town: Town) -> None:
    made = drive(town)
    found = Plan.objects.filter(drive__uuid=made).order_by("id")
    bodies = [drives.body_of(one) for one in found]
    assert [one["unit"] for one in bodies] == [town.team.pk, _office(town)]
    assert {(one["kind"], one["begins_on"], one["ends_on"]) for one in bodies} == {
        ("campaign", FIRST.isoformat(), LAST.isoformat())
    }
    assert all(one["stops"][0]["place"] == town.places[0].pk for one in bodies)
    assert Round.objects.filter(plan__in=found, day=FIRST).count() == 2


def test_progress_and_hazards_are_those_that_each_unit_s_rounds_recorded(town: Town) -> None:
    made, taken = drive(town), picture(town)
    row = Round.objects.get(plan__drive__uuid=made, unit=town.team, day=FIRST)
    stop = row.stops.get()
    done = submit(
        town, answers(back_door=blocked(taken)), round=row.uuid, stop=stop.uuid, place=None,
        attachments=[taken],
    )  # fmt: skip
    found = drives.account(made)
    told = {one.unit_id: (len(one.visited), len(one.places), one.open) for one in found.parts}
    assert told == {town.team.pk: (1, 1, 1), _office(town): (0, 1, 0)}
    assert [str(one.uuid) for one in found.hazards] == done.cases
    assert found.left == []


def test_a_unit_s_handlers_walk_its_part_and_no_other(town: Town) -> None:
    """They serve where the drive needs them, though no round is theirs to read or plan."""
    made, handler = drive(town), town.city.staff["handler"]
    light = town.city.units["light"].pk
    actions.join_drive(made, part(town, light), actor=town.city.staff["dispatcher"])
    here = selectors.rounds_for(handler.id or 0, FIRST)
    assert [one.unit_id for one in here] == [light]
    assert handler.id in selectors.walkers_of(here[0].id)
    taken, stop = picture(town, handler), here[0].stops[0].id
    submit(
        town, answers(back_door=blocked(taken)), actor=handler, round=here[0].id, stop=stop,
        place=None, attachments=[taken],
    )  # fmt: skip
    assert actions.end_round(here[0].id, actor=handler).done == 1
    found = {one.unit_id: len(one.visited) for one in drives.account(made).parts}
    assert found == {light: 1, town.team.pk: 0, _office(town): 0}
    other = Round.objects.get(plan__drive__uuid=made, unit=town.team, day=FIRST)
    with pytest.raises(PermissionRefused):
        actions.start_round(other.uuid, actor=handler)


def test_the_ledger_says_of_each_hazard_which_question_found_it_as_excel_and_on_paper(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, taken = drive(town), picture(town)
    row = Round.objects.get(plan__drive__uuid=made, unit=town.team, day=FIRST)
    submit(
        town, answers(back_door=blocked(taken)), round=row.uuid, stop=row.stops.get().uuid,
        place=None, attachments=[taken],
    )  # fmt: skip
    desk, said = signed_in(town, "dispatcher"), []
    printed = typst.compile
    monkeypatch.setattr(
        typst, "compile",
        lambda *args, **given: said.append(json.loads(given["sys_inputs"]["data"]))
        or printed(*args, **given),
    )  # fmt: skip
    assert desk.get(f"/desk/rounds/drives/{made}/ledger.pdf").content.startswith(b"%PDF")
    (still, gone), asked = said[0]["groups"], boards.named("restaurant", 1, "back_door")
    assert [one[2] for one in still["rows"]] == [asked]
    assert gone["rows"] == []
    assert "1 of 1 places" in said[0]["about"]
    assert "0 of 1 places" in said[0]["about"]
    file = desk.get(f"/desk/rounds/drives/{made}/ledger.xlsx")
    book = load_workbook(io.BytesIO(file.content))
    assert book.worksheets[0]["C2"].value == asked
    assert [row[3].value for row in list(book.worksheets[1].rows)[1:]] == [0, 1]


def test_a_joint_visit_counts_for_each_unit_that_was_there_and_once(town: Town) -> None:
    made, desk = drive(town), town.city.staff["dispatcher"]
    units = [town.team.pk, _office(town)]
    for _time in range(2):
        actions.note_visit(made, town.places[0].pk, FIRST, units, actor=desk)
    assert JointVisit.objects.count() == 1
    found = drives.account(made)
    assert [len(one.visited) for one in found.parts] == [1, 1]
    assert len(found.visits[0].units) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place": 1}, "place"), ({"day": FIRST + timedelta(days=3)}, "day"),
        ({"day": FIRST - timedelta(days=1)}, "day"), ({"units": 1}, "units"),
    ],
)  # fmt: skip
def test_what_was_no_joint_visit_of_the_drive_is_refused(
    town: Town, change: dict[str, Any], field: str
) -> None:
    made = drive(town)
    place = town.places[change.get("place", 0)].pk
    units = [town.team.pk, _office(town)][: change.get("units", 2)]
    with pytest.raises(Problem) as caught:
        actions.note_visit(
            made, place, change.get("day", FIRST), units, actor=town.city.staff["dispatcher"]
        )
    assert caught.value.field == field


def test_a_unit_joins_once_and_only_where_there_are_places_of_the_kind(town: Town) -> None:
    made, desk = drive(town), town.city.staff["dispatcher"]
    with pytest.raises(Problem) as caught:
        actions.join_drive(made, part(town, town.team.pk), actor=desk)
    assert caught.value.field == "unit"
    with pytest.raises(Problem) as caught:
        actions.join_drive(
            made, part(town, town.city.units["light"].pk, place_kind="school"), actor=desk
        )
    assert caught.value.field == "place_kind"


def test_only_who_plans_for_the_area_begins_a_drive_there(town: Town) -> None:
    with pytest.raises(PermissionRefused):
        actions.make_drive(
            names("整治"), town.city.grid.pk, FIRST, LAST, actor=town.city.staff["handler"]
        )


@pytest.mark.parametrize(
    ("name", "last", "field"), [({"en": "Gas"}, LAST, "name_"), (names("整治"), FIRST, "ends_on")]
)
def test_a_drive_has_a_name_in_every_language_and_an_end_after_its_beginning(
    town: Town, name: dict[str, str], last: date, field: str
) -> None:
    begins = FIRST + timedelta(days=1)
    with pytest.raises(Problem) as caught:
        actions.make_drive(
            name, town.city.grid.pk, begins, last, actor=town.city.staff["dispatcher"]
        )
    assert str(caught.value.field).startswith(field)


def test_a_drive_that_is_begun_twice_by_one_key_is_one(town: Town) -> None:
    given: Any = (names("整治"), town.city.grid.pk, FIRST, LAST)
    desk, key = town.city.staff["dispatcher"], uuid7()
    assert {actions.make_drive(*given, actor=desk, key=key) for _twice in range(2)} == {key}
    assert Drive.objects.count() == 1


def test_a_unit_takes_part_within_the_area_of_the_drive(town: Town) -> None:
    made = drive(town)
    with pytest.raises(Problem) as caught:
        actions.join_drive(
            made, part(town, town.city.units["light"].pk, area=town.city.street.pk),
            actor=town.city.staff["dispatcher"],
        )  # fmt: skip
    assert caught.value.field == "area"


def test_ending_a_drive_ends_every_unit_s_plan_and_keeps_what_was_done(town: Town) -> None:
    made, desk = drive(town), town.city.staff["dispatcher"]
    actions.note_visit(
        made, town.places[0].pk, FIRST, [town.team.pk, _office(town)], actor=desk
    )  # fmt: skip
    actions.end_drive(made, actor=desk)
    assert not Plan.objects.filter(drive__uuid=made, ended_at=None).exists()
    assert len(drives.account(made).visits) == 1
    with pytest.raises(Problem):
        actions.join_drive(made, part(town, town.city.units["light"].pk), actor=desk)


def test_a_drive_is_begun_joined_and_noted_on_its_pages(town: Town) -> None:
    desk = signed_in(town, "dispatcher")
    new = f"/desk/rounds/drives/new?area={town.city.grid.code}"
    named = {f"name_{code}": "餐饮燃气整治" for code in ("zh-hans", "bo", "en")}
    wrong = desk.post(new, named | {"begins_on": "2026-11-20", "ends_on": "2026-11-16"})
    assert wrong.status_code == 422
    assert "ends_on" in wrong.context["form"].errors
    page = desk.post(new, named | {"begins_on": str(FIRST), "ends_on": str(LAST)})["Location"]
    join = {
        "do": "join", "area": town.city.grid.pk, "place_kind": "restaurant", "checklist": "",
        "rule": "FREQ=DAILY", "from_hour": "09:00", "until_hour": "18:00",
    }  # fmt: skip
    for unit in (town.team.pk, _office(town)):
        assert desk.post(page, join | {"unit": unit}).status_code == 302
    again = desk.post(page, join | {"unit": town.team.pk})
    assert again.status_code == 422
    assert "takes part already" in text(again)
    visit = {"do": "visit", "place": town.places[0].pk, "day": str(FIRST)}
    alone = desk.post(page, visit | {"units": [town.team.pk]})
    assert "Two units of the drive or more" in text(alone)
    desk.post(page, visit | {"units": [town.team.pk, _office(town)]})
    shown = text(desk.get(page))
    assert "1 of 1 places" in shown
    assert "餐饮燃气整治" in text(desk.get("/desk/rounds/drives/"))
    desk.post(f"{page}end")
    with clock.at(MONDAY + timedelta(days=1)):
        assert Drive.objects.get().ended_at is not None
        assert desk.post(page, join | {"unit": _office(town)}).status_code == 422
