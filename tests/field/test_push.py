"""What a phone sends is done once, answered for good, and stops nothing else."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lingka.cases import selectors
from lingka.cases.models import Case, Receipt
from lingka.core import clock, contents, events, verify
from lingka.core.ids import uuid7
from lingka.core.models import Content, Event
from lingka.field.models import Device, Operation
from tests.cases.city import MONDAY, City, case_of
from tests.field.conftest import Phone, registered

pytestmark = pytest.mark.django_db


def test_a_report_opens_a_case_in_the_worker_s_grid(city: City, phone: Phone) -> None:
    [done] = phone.push(phone.report())
    case = Case.objects.get()
    assert (done["status"], done["complete"], done["stored"]) == ("applied", True, True)
    assert done["result"]["case"] == str(case.uuid)
    assert (case.channel, case.grid_id, case.version) == (
        "grid_worker", city.grid.id, done["result"]["version"],
    )  # fmt: skip
    assert verify.run() == []


@pytest.mark.parametrize("kind", ["safety.hazard", "joint.street", "joint.community"])
def test_hazards_and_what_is_collected_for_a_call_come_from_phones_too(
    phone: Phone, kind: str
) -> None:
    offered = {row["id"] for row in phone.rows("case_type")}
    [done] = phone.push(phone.report(type=kind))
    assert (kind in offered, done["status"]) == (True, "applied")
    assert Case.objects.get().case_type == kind


@pytest.mark.parametrize("kind", ["order.task", "council.resolution"])
def test_what_the_town_lets_no_worker_report_is_refused_and_not_offered(
    phone: Phone, kind: str
) -> None:
    [refused] = phone.push(phone.report(type=kind))
    assert refused["problem"]["errors"][0]["field"] == "type"
    assert kind not in {row["id"] for row in phone.rows("case_type")}
    assert not Case.objects.exists()


def test_what_is_sent_again_has_its_first_answer_and_no_second_effect(phone: Phone) -> None:
    report = phone.report()
    [first], [again] = phone.push(report), phone.push(report)
    assert Case.objects.count() == 1
    assert again == first | {"status": "duplicate"}


def test_the_same_operation_twice_in_one_request_is_done_once(phone: Phone) -> None:
    report = phone.report()
    results = phone.push(report, report)
    assert [one["status"] for one in results] == ["applied", "duplicate"]
    assert Case.objects.count() == 1


def test_another_thing_under_the_same_id_is_rejected_and_the_first_stays(phone: Phone) -> None:
    report = phone.report()
    phone.push(report)
    [other] = phone.push(report | {"record": str(uuid7())})
    assert (other["status"], other["problem"]["type"]) == ("rejected", "/problems/key_reused")
    assert [one["status"] for one in phone.push(report)] == ["duplicate"]


def test_other_words_under_the_same_id_bring_the_first_answer_and_say_so(phone: Phone) -> None:
    report = phone.report()
    phone.push(report)
    [again] = phone.push(report | {"data": report["data"] | {"words": "别的"}})
    assert (again["status"], again["differs"]) == ("duplicate", True)


def test_a_rejected_operation_stops_none_of_the_others(phone: Phone) -> None:
    bad = phone.report(type="no.such")
    results = phone.push(phone.report(), bad, phone.op("dance"), phone.report())
    assert [one["status"] for one in results] == ["applied", "rejected", "rejected", "applied"]
    assert results[1]["problem"]["type"] == "/problems/case_type"
    assert results[2]["problem"]["type"] == "/problems/kind"
    [again] = phone.push(bad)
    assert again == results[1], "a rejection is an answer for good, too"


def test_a_corrected_report_has_the_same_record_and_frees_what_waited_for_it(
    phone: Phone,
) -> None:
    record = uuid7()
    bad = phone.report(record, type="no.such")
    after = phone.act(record, "note", given={"note": "看过"}) | {"depends_on": [str(record)]}
    assert [one["status"] for one in phone.push(bad, after)] == ["rejected", "held"]
    phone.push(phone.report(record))
    assert phone.push(after)[0]["status"] == "duplicate"


def test_what_came_before_what_it_depends_on_is_held_and_then_done(phone: Phone) -> None:
    record = uuid7()
    report = phone.report(record)
    note = phone.act(record, "note", given={"note": "看过"}) | {"depends_on": [report["op_id"]]}
    [held] = phone.push(note)
    assert (held["status"], held["waits_for"]) == ("held", [report["op_id"]])
    phone.push(report)
    assert phone.push(note)[0]["status"] == "duplicate"
    assert Case.objects.get().version == 2


def test_what_waits_for_something_that_is_refused_goes_on_without_it(
    city: City, phone: Phone
) -> None:
    refused = phone.op("dance")
    note = phone.act(city.open().case_uuid, "note", base=1, given={"note": "看过"})
    waits = note | {"depends_on": [refused["op_id"]]}
    assert phone.push(waits)[0]["status"] == "held"
    assert phone.push(refused)[0]["status"] == "rejected"
    assert phone.push(waits)[0]["status"] == "duplicate"


def test_an_action_behind_one_that_came_too_late_is_judged_by_itself(city: City) -> None:
    phone = registered(city.staff["handler"].id)
    opened = city.at("handling")
    seen = case_of(opened).version
    city.do(opened, "report_back", "mate", words="同事先修好了")
    late = phone.act(opened.case_uuid, "report_back", base=seen, given={"words": "我也修了"})
    after = phone.act(opened.case_uuid, "note", base=seen, given={"note": "还有灰"})
    told = phone.push(late, after | {"depends_on": [late["op_id"]]})
    assert [one["status"] for one in told] == ["conflict", "applied"]


def test_what_waits_for_a_report_that_is_refused_stays_held(phone: Phone) -> None:
    bad = phone.report(type="no.such")
    note = phone.act(bad["record"], "note", given={"note": "看过"})
    told = phone.push(bad, note | {"depends_on": [bad["op_id"]]})
    assert [one["status"] for one in told] == ["rejected", "held"]


def test_what_waits_in_a_chain_is_done_in_one_go(phone: Phone) -> None:
    record = uuid7()
    ops = [phone.report(record)]
    for number in range(4):
        one = phone.act(record, "note", given={"note": str(number)})
        ops.append(one | {"depends_on": [ops[-1]["op_id"]]})
    results = phone.push(*reversed(ops))
    assert {one["status"] for one in results} == {"applied"}
    assert Case.objects.get().version == 5


def test_what_waits_keeps_its_content_sealed_and_only_so_long(phone: Phone) -> None:
    report = phone.report(words="只等一会")
    parent = phone.report()
    phone.push(report | {"depends_on": [parent["op_id"]]})
    held = Operation.objects.get()
    assert held.sealed
    assert "只等一会".encode() not in bytes(held.sealed)
    phone.push(parent)
    assert not Operation.objects.exclude(sealed=None).exists()
    assert Case.objects.count() == 2


def test_nobody_waits_for_itself(phone: Phone) -> None:
    report = phone.report()
    assert phone.push(report | {"depends_on": [report["op_id"]]})[0]["status"] == "applied"


def test_an_action_on_a_case_that_stands_where_the_phone_saw_it(city: City, phone: Phone) -> None:
    opened = city.open()
    version = case_of(opened).version
    [done] = phone.push(phone.act(opened.case_uuid, "note", base=version, given={"note": "看过"}))
    assert done["status"] == "applied"
    assert done["result"]["moved"] is False
    assert case_of(opened).version == version + 1


def test_an_action_that_is_still_allowed_is_done_though_the_case_has_moved(
    city: City, phone: Phone
) -> None:
    opened = city.open()
    seen = case_of(opened).version
    city.do(opened, "accept", "dispatcher")
    [done] = phone.push(phone.act(opened.case_uuid, "note", base=seen, given={"note": "看过"}))
    assert (done["status"], done["result"]["moved"]) == ("applied", True)


def test_an_action_that_no_longer_fits_is_shown_to_both(city: City) -> None:
    phone = registered(city.staff["handler"].id)
    opened = city.at("handling")
    seen = case_of(opened).version
    city.do(opened, "report_back", "mate", words="同事先修好了")
    late = phone.act(opened.case_uuid, "report_back", base=seen, given={"words": "我也修了"})
    [told] = phone.push(late)
    case = case_of(opened)
    assert told["status"] == "conflict"
    assert told["problem"]["type"] == "/problems/moved"
    assert told["problem"]["version"] == case.version
    assert len(told["problem"]["changes"]) == 1
    newest = events.last(case.uuid)
    assert newest
    assert newest.data.late  # type: ignore[attr-defined]
    [kept] = newest.data.texts  # type: ignore[attr-defined]
    assert kept["language"] == Content.objects.get(id=kept["content"]).language == "zh-hans"
    assert (kept["audience"], contents.read([UUID(kept["content"])])[UUID(kept["content"])]) == (
        "staff", "我也修了",
    )  # fmt: skip
    entry = selectors.case_page(case).timeline
    assert any("我也修了" in one.words and one.internal for one in entry)
    assert phone.push(late) == [told], "and once"
    assert verify.run() == []


def test_what_was_never_allowed_is_rejected_with_the_reason(city: City, phone: Phone) -> None:
    opened = city.open()
    [told] = phone.push(phone.act(opened.case_uuid, "accept", base=case_of(opened).version))
    assert told["status"] == "rejected"
    assert told["problem"]["status"] == 403
    assert case_of(opened).version == 1


def test_a_case_that_does_not_concern_the_worker_is_unknown(city: City, phone: Phone) -> None:
    [told] = phone.push(phone.act(uuid7(), "note", given={"note": "x"}))
    assert (told["status"], told["problem"]["type"]) == ("rejected", "/problems/unknown_case")


def test_a_field_that_is_wrong_is_named(city: City, phone: Phone) -> None:
    [told] = phone.push(phone.report(lon=500))
    assert told["problem"]["errors"][0]["field"] == "data.lon"
    opened = city.open()
    [told] = phone.push(phone.act(opened.case_uuid, "note", base=1))
    assert told["problem"]["errors"][0]["field"] == "note"


def test_an_operation_that_cannot_be_read_is_answered_in_its_place(phone: Phone) -> None:
    odd = phone.report() | {"seq": 0}
    signs = [phone.report(words=sign) for sign in ("\x00", "\ud800")]
    results = phone.push(None, odd, {"op_id": "x"}, *signs, phone.report())
    assert [one["status"] for one in results] == ["rejected"] * 5 + ["applied"]
    assert [one["op_id"] for one in results[:3]] == [None, odd["op_id"], None]
    assert not any(one["stored"] for one in results[:5])


def test_another_phone_of_the_worker_does_nothing_twice(city: City, phone: Phone) -> None:
    opened = city.open()
    ops = [phone.report(), phone.act(opened.case_uuid, "note", base=1, given={"note": "看过"})]
    phone.push(*ops)
    other = registered(city.staff["walker"].id)
    assert [one["status"] for one in other.push(*ops)] == ["applied", "applied"]
    assert Case.objects.count() == 2
    assert case_of(opened).version == 2
    assert Receipt.objects.count() == 2


def test_what_another_phone_of_the_worker_brought_has_its_answer_of_then(city: City) -> None:
    phone, opened = registered(city.staff["handler"].id), city.at("handling")
    seen = case_of(opened).version
    act = phone.act(opened.case_uuid, "report_back", base=seen, given={"words": "修好了"})
    refused = phone.op("dance")
    first = phone.push(act, refused)
    assert first[0]["result"]["moved"] is False
    again = registered(city.staff["handler"].id)
    assert again.push(act, refused) == first
    assert case_of(opened).version == seen + 1


def test_a_wrong_clock_is_noticed_and_what_it_says_corrected(phone: Phone) -> None:
    ahead = clock.now() + timedelta(days=2)
    done = ahead - timedelta(hours=3)
    report = phone.report() | {"occurred_at": done.isoformat()}
    answer = phone.send(report, sent_at=ahead.isoformat()).json()
    assert answer["clock_difference"] == 2 * 24 * 3600
    [event] = events.history(Case.objects.get().uuid)
    assert event.occurred_at == MONDAY - timedelta(hours=3)
    row = Operation.objects.get()
    assert (row.occurred_at, row.received_on) == (None, MONDAY.date())


def test_nothing_was_done_later_than_it_came_and_its_offset_is_kept(phone: Phone) -> None:
    report = phone.report() | {"occurred_at": "2026-11-16T10:05:00+08:00"}  # five minutes ahead
    phone.push(report)
    [event] = events.history(Case.objects.get().uuid)
    assert event.occurred_at == MONDAY
    assert Event.objects.get(stream="case").occurred_offset == 480


FAR = (
    "9999-12-31T23:59:59-08:00", "0001-01-01T00:00:00+08:00", "2200-01-01T00:00:00+00:00",
    "1969-12-31T23:59:59+00:00",
)  # fmt: skip


@pytest.mark.parametrize("at", FAR)
def test_a_moment_that_no_reader_could_hold_is_rejected_and_kept_nowhere(
    phone: Phone, at: str
) -> None:
    [told] = phone.push(phone.report() | {"occurred_at": at})
    assert (told["status"], told["stored"]) == ("rejected", False)
    assert told["problem"]["errors"][0]["field"] == "occurred_at"
    assert phone.standing().json()["operations"] == []


@pytest.mark.parametrize("at", FAR)
def test_a_clock_of_no_time_is_refused(phone: Phone, at: str) -> None:
    told = phone.send(phone.report(), sent_at=at)
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "sent_at")


def test_an_app_of_another_protocol_or_an_unknown_schema_is_told_to_update(phone: Phone) -> None:
    assert phone.send(phone.report(), protocol=2).json()["protocols"] == [1]
    told = phone.send(phone.report(), schema=99)
    assert (told.status_code, told.json()["type"]) == (409, "/problems/too_old")
    assert not Case.objects.exists()


def test_a_schema_is_taken_for_half_a_year_after_the_next_one(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingka.field import versions

    today = MONDAY.date()
    ages = {1: today - timedelta(days=180), 2: today - timedelta(days=181), 3: None}
    monkeypatch.setattr(versions, "SCHEMAS", ages)
    taken = [phone.send(phone.report(), schema=number, app="2026.5.1") for number in (1, 2, 3)]
    assert [one.status_code for one in taken] == [200, 409, 200]
    refused = taken[1].json()
    assert (refused["type"], refused["schemas"]) == ("/problems/too_old", [1, 3])
    assert refused["title"].startswith("这个应用太旧了"), "the worker reads it as it is"
    assert Case.objects.count() == 2, "what was refused had no effect"


def test_what_the_server_fails_at_stays_with_the_phone_and_stops_no_other(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingka.field import kinds

    whole = kinds.KINDS["report"].effect

    def torn(sent: Any, given: Any) -> Any:
        whole(sent, given)
        raise RuntimeError("no disk")

    broken = kinds.Kind(kinds.KINDS["report"].shape, torn)
    monkeypatch.setitem(kinds.KINDS, "torn", broken)
    report = phone.report()
    results = phone.push(report | {"kind": "torn"}, phone.report())
    assert [one["status"] for one in results] == ["held", "applied"]
    assert (results[0]["stored"], results[0]["problem"]["type"]) == (False, "/problems/again")
    assert Case.objects.count() == 1, "its half is not there"
    assert phone.push(report)[0]["status"] == "applied"


def test_one_that_is_far_too_long_is_refused_alone(phone: Phone) -> None:
    long = phone.op("dance", data={"words": "x" * 70_000})
    results = phone.push(long, phone.report())
    assert [one["status"] for one in results] == ["rejected", "applied"]
    assert results[0]["problem"]["status"] == 413


def test_an_operation_is_measured_in_bytes_of_utf_8(phone: Phone) -> None:
    fits = phone.op("dance", data={"words": "路" * 20_000})
    long = phone.op("dance", data={"words": "路" * 22_000})
    told = phone.push(fits, long)
    assert [one["problem"]["type"] for one in told] == ["/problems/kind", "/problems/large"]


def test_a_kind_that_is_longer_than_any_is_rejected_beside_its_field(phone: Phone) -> None:
    [long, longest] = phone.push(phone.op("x" * 25), phone.op("x" * 24))
    assert (long["status"], long["stored"]) == ("rejected", False)
    assert long["problem"]["errors"][0]["field"] == "kind"
    assert (longest["status"], longest["stored"]) == ("rejected", True)


def test_how_the_operations_stand_can_be_asked(phone: Phone) -> None:
    report = phone.report()
    waits = phone.report() | {"depends_on": [str(uuid7())]}
    phone.push(report, waits, phone.op("dance"))
    said = phone.standing().json()
    assert [one["status"] for one in said["operations"]] == ["applied", "held", "rejected"]
    assert [one["complete"] for one in said["operations"]] == [True, False, False]
    assert said["marker"] == phone.marker
    assert [one["seq"] for one in phone.standing(after=1).json()["operations"]] == [2, 3]
    assert phone.standing().json()["more"] is False


def test_a_phone_tells_what_it_still_holds(phone: Phone) -> None:
    phone.push(left={"operations": 3, "attachments": 4})
    device = Device.objects.get()
    assert (device.left_operations, device.left_attachments) == (3, 4)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (b"{", 400), (b"[" * 100_000, 400), (b'{"protocol": NaN}', 400),
        (b"null", 422), (b"[]", 422), (b"{}", 422), (b'"\\ud800"', 422), (b"\xff\xfe", 400),
    ],
)  # fmt: skip
def test_an_envelope_that_makes_no_sense_is_refused(
    phone: Phone, given: bytes, status: int
) -> None:
    answer = phone.client.post(
        "/field/api/v1/push", given, content_type="application/json", headers=phone.headers
    )
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_more_than_a_hundred_at_once_are_refused(phone: Phone) -> None:
    assert phone.send(*[None] * 101).status_code == 413
    assert phone.send(*[None] * 100).status_code == 200
    other = phone.client.post(
        "/field/api/v1/push", b"{}", content_type="text/plain", headers=phone.headers
    )
    assert other.status_code == 415
