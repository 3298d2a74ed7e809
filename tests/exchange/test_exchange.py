"""Cases to and from another platform: once each, however often it is begun anew."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from lingka.cases.actions import perform
from lingka.cases.models import Case
from lingka.core import clock, events, locks
from lingka.core.actors import SYSTEM
from lingka.core.permissions import PermissionRefused
from lingka.exchange import actions, folders, rules, selectors, tasks
from lingka.exchange.models import Peer, Run, Theirs
from lingka.intake import imports
from lingka.intake.models import Imported
from tests.cases.city import City, problem
from tests.exchange.conftest import KEY, PLAN, WIRE, set_up, sheet

pytestmark = pytest.mark.django_db
NIGHT = sheet(("7", "巷口那盏路灯", "办理中"), ("8", "办居住证", "已办结"), ("9", "", "办理中"))


def drop(text: str, name: str = "night.csv") -> Path:
    path = folders.folder(KEY, "in") / name
    path.write_text(text, encoding="utf-8")
    return path


def written() -> list[Path]:
    return sorted(folders.folder(KEY, "out").iterdir())


# -- what comes -----------------------------------------------------------------------------


def test_a_file_in_the_folder_becomes_cases_and_goes_away(peer: str) -> None:
    drop(NIGHT)
    assert actions.take_waiting(peer) == 1
    assert sorted(Case.objects.values_list("case_type", flat=True)) == ["help.papers", "light.out"]
    assert folders.waiting(peer) == []
    run = Run.objects.get()
    assert run.counts == {"rows": 3, "opened": 2, "known": 0, "refused": 1}
    assert run.faults[0][:2] == [4, "9"]


def test_the_same_file_again_opens_nothing_and_is_counted_once(peer: str) -> None:
    whole = sheet(("7", "巷口那盏路灯", "办理中"))
    for _ in range(2):
        drop(whole)
        actions.take_waiting(peer)
    assert (Case.objects.count(), Run.objects.count()) == (1, 1)


def test_nothing_is_left_of_what_callers_said_outside_their_cases(peer: str) -> None:
    drop(NIGHT)
    actions.take_waiting(peer)
    assert not [one for one in folders.folder(peer, "in").parent.rglob("*") if one.is_file()]


def test_what_could_not_be_read_goes_after_some_days(peer: str) -> None:
    drop("no,such,columns\n1,2,3\n")
    with problem("file"):
        actions.take_waiting(peer)
    (kept,) = folders.folder(peer, "refused").iterdir()
    os.utime(kept, (clock.now().timestamp(),) * 2)
    actions.take_waiting(peer)
    assert kept.exists()
    with clock.at(clock.now() + folders.KEPT + timedelta(hours=1)):
        actions.take_waiting(peer)
    assert not kept.exists()


def test_after_the_mapping_is_mended_the_same_file_is_read_again(city: City) -> None:
    set_up(mapping=PLAN.replace(", default: other.any", ""))
    text = sheet(("11", "井盖松了", "办理中"))
    drop(text)
    actions.take_waiting(KEY)
    assert not Case.objects.exists()
    set_up()
    drop(text)
    actions.take_waiting(KEY)
    assert Case.objects.count() == 1


def test_a_longer_file_opens_what_is_new(peer: str) -> None:
    drop(NIGHT)
    actions.take_waiting(peer)
    drop(NIGHT + "10,路灯又灭了,办理中,540102001001\n")
    actions.take_waiting(peer)
    assert Case.objects.count() == 3
    assert Run.objects.latest("id").counts["known"] == 2


def test_broken_off_in_the_middle_it_goes_on_where_it_was(
    peer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    opening, calls = imports._open, []

    def second_kills(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise Killed
        return opening(*given)

    monkeypatch.setattr(imports, "_open", second_kills)
    drop(NIGHT)
    with pytest.raises(Killed):
        actions.take_waiting(peer)
    assert (Case.objects.count(), len(folders.waiting(peer))) == (1, 1)
    actions.take_waiting(peer)
    assert (Case.objects.count(), folders.waiting(peer)) == (2, [])


def test_a_file_that_is_still_written_waits(peer: str) -> None:
    drop(NIGHT, "night.csv.part")
    assert actions.take_waiting(peer) == 0


def test_what_is_no_table_is_said_and_put_aside_and_holds_up_none_behind_it(peer: str) -> None:
    drop("no,such,columns\n1,2,3\n", "a.csv")
    drop(NIGHT, "b.csv")
    with problem("file"):
        actions.take_waiting(peer)
    assert Case.objects.count() == 2
    assert folders.waiting(peer) == []
    assert [one.name for one in folders.folder(peer, "refused").iterdir()] == ["a.csv"]
    assert Run.objects.order_by("id").first().counts == {"failed": 1}


def test_a_file_that_may_not_be_read_holds_up_none_behind_it(
    peer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(NIGHT, "a.csv")
    drop(NIGHT, "b.csv")
    opening = Path.open

    def opened(path: Path, *given: Any, **named: Any) -> Any:
        if path.name == "a.csv":
            raise PermissionError
        return opening(path, *given, **named)

    monkeypatch.setattr(Path, "open", opened)
    with problem("file"):
        actions.take_waiting(peer)
    assert Case.objects.count() == 2


def test_a_file_whose_name_is_no_text_comes_in(peer: str) -> None:
    drop(NIGHT, "night-\udcff.csv")
    assert actions.take_waiting(peer) == 1
    assert Run.objects.get().name == "night-?.csv"


@pytest.mark.parametrize("fault", [OSError(28, "full"), AttributeError("a fault of ours")])
def test_what_fails_with_one_platform_stops_no_other(
    city: City, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    taken: list[str] = []

    def take(key: str, **_given: Any) -> None:
        taken.append(key)
        raise fault

    monkeypatch.setattr(actions, "take_waiting", take)
    for key in ("a", "b"):
        actions.set_peer(key, actor=SYSTEM, name={}, mapping=PLAN.replace("province", key))
    tasks.run(0)
    assert taken == ["a", "b"]


def test_who_comes_second_leaves_it_to_the_first(peer: str) -> None:
    other = connection.copy()
    uuid = Peer.objects.get().uuid
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [locks._number(uuid)])
            for step in (actions.run, actions.take_waiting, actions.pull, actions.push,
                         actions.send):  # fmt: skip
                with problem("busy"):
                    step(peer)
            for with_file in (actions.take, actions.compare):
                with problem("busy"):
                    with_file(peer, Path("night.csv"))
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert actions.run(peer) == []


def test_a_full_disk_is_said(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    drop(NIGHT)
    monkeypatch.setattr(folders, "write", full)
    assert actions.run(peer) == ["[Errno 28] No space left on device"]


# -- what goes ------------------------------------------------------------------------------


def test_what_they_sent_is_told_back_with_both_numbers(peer: str) -> None:
    drop(NIGHT)
    actions.take_waiting(peer)
    actions.send(peer)
    (file,) = written()
    text = file.read_text(encoding="utf-8")
    number = Case.objects.get(case_type="light.out").number
    assert f"{number},7,light.out" in text
    assert "巷口那盏" not in text  # nobody's words


def test_what_did_not_change_is_not_told_twice(peer: str, city: City) -> None:
    drop(NIGHT)
    actions.take_waiting(peer)
    actions.send(peer)
    actions.send(peer)
    assert len(written()) == 1
    case = Case.objects.get(case_type="light.out")
    perform(case.uuid, "accept", actor=city.staff["dispatcher"])
    assert actions.send(peer) == {"rows": 1}
    assert "dispatch" in written()[-1].read_text(encoding="utf-8")


def test_what_is_older_than_the_last_file_is_told_all_the_same(city: City) -> None:
    set_up(mapping=PLAN.replace("地址}", "地址, opened_at: 时间}"))
    actions.send(KEY)
    at = (clock.now() - timedelta(days=2)).isoformat()
    head, *rows = sheet(("7", "巷口那盏路灯", "办理中")).split()
    drop(f"{head},时间\n{rows[0]},{at}\n")
    actions.take_waiting(KEY)
    assert actions.send(KEY) == {"rows": 1}


def test_only_their_own_unless_all_listed_ones_are_agreed(city: City) -> None:
    set_up()
    city.open()
    assert actions.send(KEY) == {"rows": 0}
    set_up(shares="listed", mapping=WIRE)
    city.open("help.papers", words="四")
    assert actions.send(KEY) == {"rows": 1}
    (row,) = [json.loads(line) for line in written()[0].read_text(encoding="utf-8").splitlines()]
    assert (row["service_code"], row["status"], row["their_id"]) == ("light.out", "open", "")


def test_a_case_of_theirs_that_is_not_listed_goes_without_its_place(peer: str) -> None:
    drop(sheet(("8", "办居住证", "办理中")))
    actions.take_waiting(peer)
    row = selectors.news_for(Peer.objects.get())[0].as_row()
    assert (row["where"], row["lat"], row["long"]) == ("", None, None)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert actions.plain(cell) == f"'{cell}"
    assert actions.plain("light.out") == "light.out"
    assert actions.plain("") == ""


# -- both lists -----------------------------------------------------------------------------


def test_the_lists_are_compared_by_number_and_status() -> None:
    one, two = UUID(int=1), UUID(int=2)
    said = [rules.Said("A", True), rules.Said("B", False), rules.Said("C", None)]
    found = rules.compare(said, {"A": one, "B": two, "D": one}, {one: True, two: True})
    assert [each.their_id for each in found.theirs_only] == ["C"]
    assert found.ours_only == [("D", one)]
    assert [(each.their_id, case) for each, case in found.differing] == [("B", two)]
    assert found.agreeing == 1


def test_a_status_that_they_do_not_say_does_not_differ() -> None:
    found = rules.compare([rules.Said("A", None)], {"A": UUID(int=1)}, {UUID(int=1): False})
    assert (found.agreeing, found.differing) == (1, [])


def test_their_whole_list_shows_what_each_side_lacks(peer: str, tmp_path: Path) -> None:
    drop(NIGHT)
    actions.take_waiting(peer)
    whole = tmp_path / "whole.csv"
    whole.write_text(sheet(("7", "路灯", "已办结"), ("11", "井盖", "办理中")), encoding="utf-8")
    counts = actions.compare(peer, whole)
    assert counts == {"theirs_only": 1, "ours_only": 1, "differing": 1, "agreeing": 0}
    found = selectors.reconciliation(peer)
    assert [one.their_id for one in found.theirs_only] == ["11"]
    assert [one.their_id for one in found.ours_only] == ["8"]
    (pair,) = found.differing
    assert (pair.their_id, pair.theirs, pair.ours) == ("7", False, True)
    assert list(dict.fromkeys(name for name, _one in found.rows())) == [
        "theirs_only", "ours_only", "differing", "untold",
    ]  # fmt: skip
    assert Theirs.objects.count() == 2


# -- who, and the rest ----------------------------------------------------------------------


def test_only_administrators_of_the_whole_town_exchange(city: City) -> None:
    set_up()
    for act in (actions.take_waiting, actions.pull, actions.push, actions.send):
        drop(NIGHT)
        with pytest.raises(PermissionRefused):
            act(KEY, actor=city.staff["dispatcher"])
    assert not Imported.objects.exists()


@pytest.mark.parametrize(
    "line",
    [
        "status: 3", "time_zone: 5", "day: 2026-99-99", "keep: [a]", "source: \x00",
        "types: {columns: [内容], map: {101: light.out}}", "types: {columns: [内容], map: [a]}",
        "keep: {年: 2011}", "refuse: {columns: [内容]}", "columns: {lon: [a]}",
        "status: {column: 状态, closed: done}", "columns: {words: 3}",
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_read_is_refused(city: City, line: str) -> None:
    with problem("mapping"):
        set_up(mapping=f"{PLAN}{line}\n")


def test_a_mapping_of_another_source_is_refused(city: City) -> None:
    with problem("mapping"):
        actions.set_peer("other", actor=SYSTEM, name={}, mapping=WIRE)
    with problem("mapping"):
        set_up(mapping="source: [")
    with problem("unknown_peer"):
        actions.run("nobody")


def test_changing_a_platform_keeps_its_key_unless_it_is_dropped(city: City) -> None:
    set_up(secret="key")
    set_up(address="https://a.example")
    assert Peer.objects.get().sealed_key
    set_up(secret="")
    assert Peer.objects.get().sealed_key is None
    told = events.history(Peer.objects.get().uuid)
    assert {one.type for one in told} == {"exchange.PeerSet"}
    assert "key" not in str([one.data for one in told]).replace("key='province'", "")


def test_the_worker_goes_through_all_that_are_active(peer: str) -> None:
    drop(NIGHT)
    tasks.run(0)
    assert Case.objects.count() == 2
    assert set(Case.objects.values_list("channel", flat=True)) == {"hotline"}
