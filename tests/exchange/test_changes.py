"""A platform asks what changed in its cases: all of it, page by page, by a cursor."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lingka.cases.actions import perform
from lingka.cases.models import Case
from lingka.core import clock, epochs
from lingka.core.problems import Problem
from lingka.exchange import actions, cursors, selectors
from lingka.intake.selectors import imported
from tests.cases.city import City
from tests.cases.test_recomputing import everything, holiday
from tests.exchange.conftest import KEY, set_up
from tests.exchange.test_exchange import NIGHT, drop, written

pytestmark = pytest.mark.django_db
TOKEN = "a-key-that-nobody-guesses-0001"


def asked(client: Client, cursor: str = "", token: str = TOKEN) -> Any:
    url = f"/exchange/{KEY}/changes.json"
    return client.get(url, {"cursor": cursor}, headers={"Authorization": f"Bearer {token}"})


def answered(city: City, *, upto: str = "report_back", **changes: Any) -> Case:
    """A case of theirs, done and answered by the lighting unit, or less far."""
    set_up(asks_with=TOKEN, answers=True, **changes)
    drop(NIGHT)
    actions.take_waiting(KEY)
    case = Case.objects.get(case_type="light.out")
    for action, who, data in (
        ("accept", "dispatcher", {}),
        ("dispatch", "dispatcher", {"unit": city.units["light"].id, "note": "内部的话"}),
        ("sign_in", "handler", {}),
        ("report_back", "handler", {"words": "灯换好了"}),
    ):
        perform(case.uuid, action, actor=city.staff[who], data=data)
        if action == upto:
            break
    return case


def quiet(client: Client, cursor: str = "") -> str:
    """Asked until nothing is new; the last cursor."""
    for _time in range(9):
        told = asked(client, cursor).json()
        if not (told["changes"] or told["more"]):
            return cursor
        cursor = told["cursor"]
    raise AssertionError(cursor)


@pytest.mark.usefixtures("seen_at_once")
def test_what_a_unit_answered_is_asked_for_and_comes_again_for_the_same_cursor(
    city: City, client: Client
) -> None:
    case = answered(city)
    first = asked(client).json()
    assert first == asked(client).json()
    last = quiet(client, first["cursor"])
    assert asked(client, last).json() == {"changes": [], "cursor": last, "more": False}
    row = next(one for one in first["changes"] if one["id"] == case.number)
    assert (row["their_id"], row["stage"]) == ("7", "verification")
    assert [(one["unit"], one["words"]) for one in row["answers"]] == [("light", "灯换好了")]
    assert "内部的话" not in str(first)


@pytest.mark.usefixtures("seen_at_once")
def test_what_is_answered_on_a_part_goes_over_with_the_whole(city: City, client: Client) -> None:
    case = answered(city, upto="sign_in")
    perform(
        case.uuid, "split", actor=city.staff["dispatcher"],
        data={"case_type": "water.leak", "unit": city.units["water"].id, "note": "先抽水"},
    )  # fmt: skip
    part = Case.objects.get(channel="part")
    perform(part.uuid, "sign_in", actor=city.staff["plumber"])
    cursor = quiet(client)
    with clock.at(clock.now() + timedelta(hours=3)):
        actions.send(KEY)
    with clock.at(clock.now() + timedelta(hours=6)):
        perform(part.uuid, "report_back", actor=city.staff["plumber"], data={"words": "水抽干了"})
        assert actions.send(KEY) == {"rows": 1}
        (row,) = asked(client, cursor).json()["changes"]
    assert (row["their_id"], [one["words"] for one in row["answers"]]) == ("7", ["水抽干了"])


@pytest.mark.usefixtures("seen_at_once")
def test_deadlines_counted_anew_go_over(city: City, client: Client) -> None:
    case = answered(city, upto="sign_in")
    cursor, before = quiet(client), Case.objects.get(pk=case.pk)
    with clock.at(clock.now() + timedelta(hours=3)):
        actions.send(KEY)
    with clock.at(clock.now() + timedelta(hours=6)):
        holiday(city.units["light"].calendar_id)
        everything()
        assert actions.send(KEY)["rows"]
        told = {one["their_id"]: one for one in asked(client, cursor).json()["changes"]}
    after = Case.objects.get(pk=case.pk)
    assert (after.changed_at, told["7"]["version"]) == (before.changed_at, before.version + 1)
    assert datetime.fromisoformat(told["7"]["due_at"]) > before.due_at


@pytest.mark.usefixtures("seen_at_once")
def test_cases_come_page_by_page_and_none_twice(
    city: City, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursors, "AT_ONCE", 1)
    answered(city)
    cursor = ""
    for _run in ("through all of them", "along the log"):
        seen, more = [], True
        while more and len(seen) < 99:
            told = asked(client, cursor).json()
            seen += [one["their_id"] for one in told["changes"]]
            cursor, more = told["cursor"], told["more"]
        assert set(seen) == set(imported(KEY))
        assert cursor.count("-") == 2


@pytest.mark.usefixtures("seen_at_once")
def test_who_was_given_a_cursor_of_old_begins_anew_with_it(city: City, client: Client) -> None:
    answered(city)
    for old in (f"2026-11-20T01:02:03.000004Z~{UUID(int=7)}", "12345-678"):
        assert asked(client, old).json() == asked(client).json()


@pytest.mark.usefixtures("seen_at_once")
@pytest.mark.parametrize("far", ["half way", "to the end", "beyond"])
def test_whoever_brings_a_cursor_from_before_a_restore_is_told_what_to_do(
    city: City, client: Client, monkeypatch: pytest.MonkeyPatch, far: str
) -> None:
    monkeypatch.setattr(cursors, "AT_ONCE", 1)
    answered(city)
    cursor = asked(client).json()["cursor"] if far == "half way" else quiet(client)
    if far == "beyond":  # an older copy was put in place by other means
        cursor = f"{cursor.partition('-')[0]}-{cursors.LAST}-1"
    else:
        epochs.begin()
    response = asked(client, cursor)
    told = response.json()
    assert (response.status_code, told["type"], told["status"]) == (410, "/problems/restored", 410)
    assert response["Content-Type"] == "application/problem+json"
    assert told["title"] != told["detail"]
    fresh = quiet(client)
    assert asked(client, fresh).status_code == 200


@pytest.mark.usefixtures("seen_at_once")
def test_who_only_looks_at_the_head_was_told_nothing(city: City, client: Client) -> None:
    case = answered(city)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert client.head(f"/exchange/{KEY}/changes.json", headers=headers).status_code == 200
    assert case.number in {one.number for one in selectors.reconciliation(KEY).untold}


def do(city: City, case: Case, action: str, who: str, **data: Any) -> None:
    perform(case.uuid, action, actor=city.staff[who], data=data)


@pytest.mark.usefixtures("seen_at_once")
def test_what_their_case_was_joined_with_goes_on_under_their_number(
    city: City, client: Client
) -> None:
    case, other = (
        answered(city, upto="sign_in"),
        Case.objects.get(uuid=city.at("handling").case_uuid),
    )
    last = Case.objects.get(uuid=city.at("handling").case_uuid)
    cursor = quiet(client)

    def told() -> dict[str, Any]:
        nonlocal cursor
        (row,) = asked(client, cursor).json()["changes"]
        cursor = quiet(client, cursor)
        assert (row["id"], row["their_id"]) == (case.number, "7")
        return dict(row)

    do(city, case, "merge", "dispatcher", into=other.number)
    rows = [told()]
    do(city, other, "merge", "dispatcher", into=last.number)
    rows.append(told())
    do(city, last, "report_back", "handler", words="灯换好了")
    with clock.at(clock.now() + timedelta(hours=3)):
        assert actions.send(KEY)["rows"]
    rows.append(told())
    assert [one["stage"] for one in rows] == ["handling", "handling", "verification"]
    assert {one["status"] for one in rows} == {"open"}
    assert [one["words"] for one in rows[-1]["answers"]] == ["灯换好了"]
    assert rows == sorted(rows, key=lambda one: one["version"])
    assert last.number not in str(rows)
    assert "7" not in {one.their_id for one in selectors.reconciliation(KEY).differing}


@pytest.mark.usefixtures("seen_at_once")
def test_a_case_that_is_parted_again_stands_for_itself_at_a_later_version(
    city: City, client: Client
) -> None:
    case, other = (
        answered(city, upto="sign_in"),
        Case.objects.get(uuid=city.at("handling").case_uuid),
    )
    do(city, case, "merge", "dispatcher", into=other.number)
    do(city, other, "report_back", "handler", words="灯换好了")
    cursor, versions = "", []
    for undo in (False, True):
        if undo:
            do(city, case, "part_again", "dispatcher", words="两盏灯")
        row = next(one for one in asked(client, cursor).json()["changes"] if one["their_id"] == "7")
        versions.append(row["version"])
        cursor = quiet(client, cursor)
    assert row["stage"] == "handling"
    assert [one["words"] for one in row["answers"]] == ["两盏灯"], "why it is parted, and no more"
    assert versions[0] < versions[1]
    do(city, other, "verify", "verifier", how="visit")
    assert asked(client, cursor).json()["changes"] == []


@pytest.mark.parametrize("token", ["", "another-key-that-is-as-long-1"])
def test_who_has_not_the_platform_s_key_learns_nothing(
    city: City, client: Client, token: str
) -> None:
    answered(city)
    assert asked(client, token=token).status_code == 401
    set_up(asks_with="")
    assert asked(client).status_code == 401


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=60)
    | st.from_regex(cursors._OURS.pattern + r".?")
    | st.from_regex(cursors._OF_OLD.pattern + r".?")
)
@example("2026-11-16T00:00:00+00:00:00.5~00000000-0000-0000-0000-000000000000")
@example("2026-13-45T00:00:00Z~00000000-0000-0000-0000-000000000000")
@example("9" * 19 + "-1")
@example("e0123456789ab-" + "9" * 19 + "-1")
@example("1-1-" + "f" * 33)
def test_whatever_is_given_as_a_cursor_is_one_or_is_refused(text: str) -> None:
    with suppress(Problem):  # and nothing else
        found = cursors.read(text)
        assert found is None or cursors.read(found.text()) == found


@pytest.mark.parametrize(
    "cursor",
    ["x", "2026-11-16~y", "9~9", "\x00", "9" * 500, "1-1\x00", "1-1-" + "g" * 32, "٣-1",
     "e-1-1", "e0123456789ab-1", "e0123456789ab-٣-1",
     f"2026-11-16T00:00:00+00:00:00.5~{UUID(int=1)}"],
)  # fmt: skip
def test_what_is_no_cursor_is_refused_in_words(city: City, client: Client, cursor: str) -> None:
    answered(city)
    response = asked(client, cursor)
    assert (response.status_code, response.json()["type"]) == (400, "/problems/cursor")


def test_answers_go_into_the_file_too(city: City) -> None:
    answered(city)
    actions.send(KEY)
    assert "light: 灯换好了" in written()[-1].read_text(encoding="utf-8")


def test_without_an_agreement_no_answer_goes_over(city: City, client: Client) -> None:
    answered(city)
    set_up(answers=False)
    actions.send(KEY)
    assert "灯换好了" not in written()[-1].read_text(encoding="utf-8")
    assert "灯换好了" not in asked(client).content.decode()


def test_both_lists_show_what_they_were_not_told_yet(city: City, client: Client) -> None:
    case = answered(city)
    numbers = {one.number for one in selectors.reconciliation(KEY).untold}
    assert case.number in numbers
    asked(client)
    assert selectors.reconciliation(KEY).untold == []
