"""Headings: many cases at once from a sheet, or none; followed in public."""

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lingka.accounts.models import User
from lingka.cases.models import Case
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.core.models import Content
from lingka.promises import actions, selectors
from lingka.promises.models import Heading
from tests.cases.city import HERE, MONDAY, City, names, refusal
from tests.promises.test_promises import deliver

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
GOOD = (
    "内容,事项类型,经度,纬度\n"
    f"巷口井盖没了,road.manhole,{HERE[0]},{HERE[1]}\n"
    f"井盖翘起来,road.manhole,{HERE[0]},{HERE[1]}\n"
    f"路灯不亮,light.out,{HERE[0]},{HERE[1]}\n"
)
BAD = GOOD + f",road.manhole,{HERE[0]},{HERE[1]}\n找不到,road.nothing,{HERE[0]},{HERE[1]}\n"


def sheet(text: str = GOOD) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", text.encode())


def opened(city: City, text: str = GOOD, who: str = "dispatcher", **more: Any) -> actions.Report:
    draft = actions.HeadingDraft(
        names("电视问政"), names("市台"), date(2026, 11, 14), city.units["light"].id,
        city.street.id,
    )  # fmt: skip
    actor = city.staff[who] if who in city.staff else Actor("resident", 1)
    return actions.open_heading(draft, sheet(text), actor=actor, **more)


def test_a_sheet_opens_a_case_for_every_line(city: City) -> None:
    report = opened(city)
    assert (report.rows, report.placed, Case.objects.count()) == (3, 3, 3)
    assert {case.channel for case in Case.objects.all()} == {"exposure"}


def test_each_row_keeps_the_language_that_it_is_written_in(city: City) -> None:
    opened(city, GOOD + f"གློག་མི་འདུག,light.out,{HERE[0]},{HERE[1]}\n")
    kept = Content.objects.filter(kind="words").order_by("created_at", "id")
    assert [one.language for one in kept] == ["zh-hans"] * 3 + ["bo"]


def test_a_sheet_with_a_fault_opens_nothing_and_names_the_lines(city: City) -> None:
    report = opened(city, BAD)
    assert [fault.line for fault in report.faults] == [5, 6]
    assert (Case.objects.count(), Heading.objects.count()) == (0, 0)


def test_a_trial_says_what_would_happen_and_opens_nothing(city: City) -> None:
    report = opened(city, dry_run=True)
    assert (report.placed, report.code, Case.objects.count()) == (3, "", 0)


def test_a_line_outside_the_heading_s_area_is_a_fault(city: City) -> None:
    report = opened(city, GOOD + "远处的井盖,road.manhole,100.0,20.0\n")
    assert [fault.line for fault in report.faults] == [5]


def test_an_excel_sheet_does_as_well(city: City) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for line, row in enumerate(GOOD.splitlines()):
            page.write_row(line, 0, row.split(","))
    draft = actions.HeadingDraft(
        names("问政"), names("市台"), date(2026, 11, 14), city.units["light"].id, city.street.id
    )
    file = SimpleUploadedFile("list.xlsx", out.getvalue())
    assert actions.open_heading(draft, file, actor=city.staff["dispatcher"]).rows == 3


def test_the_same_key_again_opens_no_second_heading(city: City) -> None:
    key = uuid7()
    assert opened(city, key=key).code == opened(city, key=key).code
    assert Case.objects.count() == 3


@pytest.mark.parametrize("who", ["handler", "walker", "resident"])
def test_only_desks_and_supervisors_open_headings(city: City, who: str) -> None:
    with refusal("not_desk"):
        opened(city, who=who)


def test_everybody_follows_how_far_a_heading_has_come(city: City, client: Client) -> None:
    code = opened(city).code
    page = client.get(f"/headings/{code}", headers=ENGLISH).content.decode()
    assert "<b>0</b> of 3 closed" in page
    assert "巷口井盖没了" not in page  # what the sheet says of it stays at the desk
    assert code not in client.get("/headings/", headers=ENGLISH).content.decode().split("<main")[0]


def test_what_was_joined_or_not_taken_up_is_not_told_as_closed(city: City, client: Client) -> None:
    code = opened(city).code
    outside, held = city.open("road.manhole"), Case.objects.filter(channel="exposure")
    one, two, three = (
        replace(outside, case_uuid=case.uuid, case_number=case.number)
        for case in held.order_by("id")
    )
    city.do(one, "merge", "dispatcher", into=outside.case_number)
    city.do(two, "merge", "dispatcher", into=outside.case_number)
    city.do(three, "decline", "dispatcher", reason="untrue", words="去看过，没有")
    found = selectors.heading(code)
    assert found is not None
    assert (found.total, found.closed) == (3, 0)
    ways = {one.stage: one.count for one in found.stages}
    assert ways == {"intake": 1, "declined": 1, "joined": 1}
    assert [row.number for row in found.rows] == [outside.case_number, three.case_number]
    assert [one.closed for one in selectors.headings()] == [0]
    page = client.get(f"/headings/{code}", headers=ENGLISH).content.decode()
    assert "Not taken up <b>1</b> of 3" in page


def test_what_was_not_taken_up_is_not_told_as_closed_once_archived(city: City) -> None:
    code = opened(city).code
    first = Case.objects.filter(channel="exposure").order_by("id")[0]
    one = replace(city.open(), case_uuid=first.uuid, case_number=first.number)
    city.do(one, "decline", "dispatcher", reason="untrue", words="去看过，没有")
    with clock.at(MONDAY + timedelta(days=60)):
        city.do(one, "archive", "dispatcher")
    found = selectors.heading(code)
    assert found is not None
    assert {each.stage: each.count for each in found.stages} == {"intake": 2, "declined": 1}
    assert found.closed == 0


def test_a_few_cases_of_kinds_that_are_not_shown_are_not_even_counted(city: City) -> None:
    code = opened(city).code
    Case.objects.filter(case_type="light.out").update(case_type="help.papers")
    found = selectors.heading(code)
    assert found is not None
    assert (found.total, found.hidden, len(found.rows)) == (2, 0, 2)


def test_one_day_is_promised_for_all_that_is_open(city: City, client: Client) -> None:
    code = opened(city).code
    done = actions.promise_all(
        code,
        until=MONDAY + timedelta(days=5),
        words="五天内全部换好",
        actor=city.staff["supervisor"],
    )
    assert (done.done, done.refused) == (3, [])
    deliver()
    page = client.get(f"/headings/{code}", headers=ENGLISH).content.decode()
    assert page.count("五天内全部换好") == 3


def form_of(city: City, text: str, **more: str) -> dict[str, Any]:
    said = {f"{name}_{language}": "灯" for name in ("title", "source")
            for language in ("zh-hans", "bo", "en")}  # fmt: skip
    return {
        "key": str(uuid7()), "day": "2026-11-14", "unit": city.units["light"].id,
        "area": city.street.id, "file": sheet(text), **said, **more,
    }  # fmt: skip


def test_the_desk_tries_a_sheet_sees_its_faults_and_keeps_what_it_typed(city: City) -> None:
    desk = Client(headers=ENGLISH)
    desk.force_login(User.objects.get(username="dispatcher"))
    page = desk.post("/desk/headings/new", form_of(city, BAD, **{"try": "1"}))
    text = page.content.decode()
    assert page.status_code == 400
    assert "2 of 5 lines have a fault" in text
    assert 'value="灯"' in text
    assert desk.post("/desk/headings/new", form_of(city, GOOD)).status_code == 302


def test_a_file_that_is_no_sheet_is_said_beside_its_field(city: City) -> None:
    desk = Client(headers=ENGLISH)
    desk.force_login(User.objects.get(username="dispatcher"))
    sent = form_of(city, GOOD) | {"file": SimpleUploadedFile("a.pdf", b"%PDF")}
    assert "file" in desk.post("/desk/headings/new", sent).context["form"].errors
