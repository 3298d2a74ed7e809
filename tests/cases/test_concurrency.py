"""Two people act at once: one is first, the other is told, and nothing is lost."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections

from lingka.cases import actions
from lingka.cases.actions import performing
from lingka.cases.models import Case
from lingka.core import clock, events, verify
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from tests.cases import city as cities
from tests.cases.city import MONDAY, City, case_of

PATIENCE = 60  # seconds; other tests may keep the machine busy


@pytest.fixture
def live(transactional_db: None) -> Iterator[City]:
    """The city committed, so that other connections see it."""
    with clock.at(MONDAY):
        yield cities.build()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do them in threads of their own, let loose together; results or the errors they raised."""
    start = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(index: int, deed: Callable[[], Any]) -> None:
        try:
            with clock.at(MONDAY):
                connection.ensure_connection()
                start.wait(PATIENCE)
                results[index] = deed()
        except Exception as error:  # noqa: BLE001  # whatever it is, the test looks at it
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE)
    return results


def test_of_two_at_once_one_wins_and_the_other_hears_what_changed(live: City) -> None:
    opened = live.open()
    version = case_of(opened).version

    def act(action: str, **data: Any) -> Callable[[], Any]:
        return lambda: actions.perform(
            opened.case_uuid, action, actor=live.staff["dispatcher"], data=data,
            expected_version=version,
        )  # fmt: skip

    results = at_once(act("accept"), act("decline", reason="courts", words="请走法院"))
    done = [one for one in results if isinstance(one, actions.Performed)]
    told = [one for one in results if isinstance(one, Problem)]
    assert len(done) == len(told) == 1
    assert told[0].code == "stale"
    assert told[0].status == 409
    assert told[0].extra["last_action"] in {"accept", "decline"}
    assert case_of(opened).version == version + 1
    assert verify.run() == []


def test_of_two_without_a_version_the_second_sees_the_first(live: City) -> None:
    opened = live.open()
    results = at_once(
        lambda: live.do(opened, "accept", "dispatcher"),
        lambda: live.do(opened, "accept", "chief"),
    )
    assert sorted(type(one).__name__ for one in results) == ["Performed", "PermissionRefused"]


def test_many_reminders_at_once_are_all_counted(live: City) -> None:
    opened = live.at("handling")
    results = at_once(*[lambda: live.do(opened, "remind", "supervisor")] * 6)
    assert not [one for one in results if isinstance(one, Exception)]
    assert case_of(opened).facts["reminders"] == 6
    assert verify.run() == []


def test_without_the_lock_the_race_shows(live: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same, but reading without the lock. Somebody collides with a stranger's
    event and is turned away with an error nobody can use, instead of waiting for their turn."""
    opened = live.at("handling")
    both_have_read = threading.Barrier(2)

    def unlocked(case_uuid: Any) -> Case:
        case = Case.objects.get(uuid=case_uuid)
        both_have_read.wait(10)
        return case

    monkeypatch.setattr(performing, "_locked", unlocked)
    results = at_once(*[lambda: live.do(opened, "remind", "supervisor")] * 2)
    assert [type(one).__name__ for one in results if isinstance(one, Exception)] == [
        "IntegrityError"
    ]
    assert case_of(opened).facts["reminders"] == 1


def test_the_same_operation_sent_twice_at_once_is_done_once(live: City) -> None:
    opened = live.at("handling")
    op_id = uuid7()

    def remind() -> actions.Performed:
        return actions.perform(
            opened.case_uuid, "remind", actor=live.staff["supervisor"], op_id=op_id
        )

    one, other = at_once(remind, remind)
    assert one == other
    assert case_of(opened).facts["reminders"] == 1


def test_the_same_report_sent_twice_at_once_opens_one_case(live: City) -> None:
    key = uuid7()
    results = at_once(*[lambda: live.open(idempotency_key=key)] * 3)
    assert not [one for one in results if isinstance(one, Exception)]
    assert len({(one.case_uuid, one.token) for one in results}) == 1
    assert sorted(one.existing for one in results) == [False, True, True]
    assert Case.objects.count() == 1


def test_two_workers_waking_at_once_announce_a_deadline_once(live: City) -> None:
    opened = live.open("water.burst")
    later = MONDAY.replace(hour=3, minute=1)

    def wake() -> int:
        with clock.at(later):
            return actions.due_now()

    assert sum(at_once(wake, wake)) >= 1
    breaches = [one.data for one in events.history(opened.case_uuid) if "Breach" in one.type]
    told = [(one.clock, one.level) for one in breaches]  # some climb a level at once
    assert len(told) == len(set(told)) > 0
