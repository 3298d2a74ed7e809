"""After a round, nothing that the server has kept leads from stop to stop."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from structlog.testing import capture_logs

from lingka.core import clock
from lingka.core.ids import uuid7_of
from lingka.core.models import Event
from lingka.field import forgetting, tasks
from lingka.field.models import Operation, Upload
from lingka.patrols.models import Round, Submission
from tests.cases.city import MONDAY, City
from tests.field.conftest import Phone, later
from tests.field.test_files import sent
from tests.field.test_rounds import kitchen, stop
from tests.patrols import town as towns
from tests.patrols.town import Town

pytestmark = pytest.mark.django_db
DAY = MONDAY.date()
ORDER = (2, 0, 1)  # in which the stops were gone to; the walking order is 0, 1, 2


def fresh() -> UUID:
    """An id as the app makes them."""
    return uuid7_of(DAY)


@pytest.fixture
def town(city: City) -> Town:
    return towns.build(city)


@pytest.fixture
def row(town: Town) -> Round:
    return town.first(stops=[town.stop(0, "restaurant"), town.stop(1), town.stop(2)])


def step(phone: Phone, town: Town, row: Round, at: int) -> list[dict[str, Any]]:
    """One stop: a checklist with a photo, one that is done, and one left out in words."""
    halt = row.stops.order_by("number")[at]
    if halt.checklist:
        picture = fresh()
        sent(phone, picture)
        answers = {
            "gas": {"value": "none"}, "extinguisher": {"value": "yes"}, "lights": {"value": "yes"},
            "back_door": {"value": "yes", "photos": [str(picture)]},
        }  # fmt: skip
        more = {"round": str(row.uuid), "stop": str(halt.uuid), "answers": answers}
        return [kitchen(phone, town, picture, **more) | {"record": str(fresh())}]
    if at == 1:
        return [stop(phone, row, at)]
    return [stop(phone, row, at, outcome="skipped", reason="门上了锁")]


@pytest.fixture
def walked(town: Town, phone: Phone, row: Round) -> Round:
    """With a network all the time: each thing comes at the minute in which it was done."""
    phone.push(phone.op("round_start", row.uuid) | {"op_id": str(fresh())})
    for turn, at in enumerate(ORDER, start=1):
        with clock.at(MONDAY + timedelta(minutes=7 * turn)):
            [told] = phone.push(
                *({**op, "op_id": str(fresh())} for op in step(phone, town, row, at))
            )
            assert told["status"] == "applied"
    with clock.at(MONDAY + timedelta(minutes=40)):
        phone.push(phone.op("round_end", row.uuid) | {"op_id": str(fresh())})
    return row


def names(row: Round) -> dict[str, UUID]:
    """All by which a row could be told to be of a stop, or of what was seen there."""
    look = Submission.objects.get(round=row)
    words = row.stops.get(outcome="skipped").words
    assert words
    made = {"look": look.key, "answers": look.answers, "words": words}
    made |= {"photo": UUID(look.attachments[0])}
    return made | {f"stop {one.number}": one.uuid for one in row.stops.all()}


def leading_to(found: dict[str, UUID]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table that names one of these."""
    wanted = {str(one) for one in found.values()}
    for model in apps.get_models():
        if model.__module__.startswith("lingka."):
            for values in model._default_manager.values():
                if any(one in str(values) for one in wanted):
                    yield model._meta.label, values


def test_no_row_that_leads_to_a_stop_keeps_an_hour_or_who(walked: Round) -> None:
    rows = list(leading_to(names(walked)))
    assert {label for label, _values in rows} == {
        "patrols.Stop", "patrols.Submission", "core.Content", "cases.Attachment", "field.Upload",
    }  # fmt: skip
    midnight = datetime.combine(DAY, time(), UTC)
    for label, values in rows:
        moments = {one for one in values.values() if isinstance(one, datetime)}
        assert moments <= {midnight}, label
        assert not {"user_id", "actor", "submitted_by", "lon", "lat"} & values.keys(), label


def test_no_id_says_when_or_in_which_order_the_stops_were_gone_to(walked: Round) -> None:
    found = names(walked)
    midnight = int(datetime.combine(DAY, time(), UTC).timestamp() * 1000)
    made = {one for name, one in found.items() if not name.startswith("stop")}  # planned before
    assert {one.int >> 80 for one in made} == {midnight}
    counted = [
        (label, values["id"])
        for label, values in leading_to(found)
        if label != "patrols.Stop" and isinstance(values["id"], int) and values["id"] < 10**9
    ]
    assert counted == []


def test_a_settled_step_keeps_what_an_answer_needs_and_no_moment_place_or_number_of_its_own(
    town: Town, phone: Phone, row: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting.secrets, "choice", lambda pairs: pairs[-1])
    ops = [op for at in ORDER for op in step(phone, town, row, at)]
    first = phone.push(*ops)
    rows = {str(one.op_id): one for one in Operation.objects.all()}
    done = [rows[op["op_id"]].seq for op in ops]
    assert sorted(done) == [op["seq"] for op in ops] != done
    for one in rows.values():
        assert not any(getattr(one, name) for name in (*forgetting.MOMENTS, "attachments", "said"))
    assert rows[ops[1]["op_id"]].record is None
    again = phone.push(*ops)
    assert [one | {"status": "applied"} for one in again] == first
    told = {one["op_id"] for one in phone.standing().json()["operations"]}
    assert told == {op["op_id"] for op in ops}


def test_no_event_says_by_the_phone_s_clock_when_somebody_set_out_or_came_back(
    phone: Phone, row: Round
) -> None:
    for minutes, kind in ((41, "round_start"), (13, "round_end")):
        at = (MONDAY - timedelta(minutes=minutes)).isoformat()
        phone.push(phone.op(kind, row.uuid) | {"occurred_at": at})
    found = Event.objects.filter(type__in=("patrols.RoundStarted", "patrols.RoundEnded"))
    assert [one.occurred_at for one in found] == [MONDAY] * 2  # when it arrived


def test_a_held_step_is_shortened_when_it_is_done(town: Town, phone: Phone, row: Round) -> None:
    picture = fresh()
    phone.push(kitchen(phone, town, picture))
    assert Operation.objects.get().occurred_at
    sent(phone, picture)
    kept = Operation.objects.get()
    assert (kept.status, kept.occurred_at, kept.record) == ("applied", None, None)
    assert list(Upload.objects.values_list("record", "begun_at", "verified_at")) == [(None,) * 3]


def test_a_refused_step_is_shortened_too(phone: Phone, town: Town, row: Round) -> None:
    [told] = phone.push(stop(phone, row, 0, outcome="skipped"))
    kept = Operation.objects.get()
    assert (told["status"], kept.occurred_at, kept.received_at) == ("rejected", None, None)


def test_a_report_forgets_its_moment_when_its_photos_are_with_the_case(phone: Phone) -> None:
    picture, record = fresh(), fresh()
    phone.push(phone.report(record, attachments=[str(picture)]))
    assert Operation.objects.get().occurred_at
    sent(phone, picture, record=record)
    assert Operation.objects.get().occurred_at is None


def test_a_report_whose_photos_never_come_forgets_its_moment_after_a_week(phone: Phone) -> None:
    phone.push(phone.report(attachments=[str(fresh())]))
    for days, there in ((6, True), (9, False)):
        with later(days=days):
            tasks.forget_moments(0)
        assert bool(Operation.objects.get().occurred_at) is there


def test_the_log_of_requests_names_no_file_and_nobody(phone: Phone, city: City) -> None:
    picture = fresh()
    with capture_logs() as logs:
        sent(phone, picture)
    said = str(logs)
    assert "files/<uuid:attachment>" in said
    assert not any(one in said for one in (str(picture), str(phone.device), phone.token))
    assert not any(key in one for one in logs for key in ("user", "actor"))
