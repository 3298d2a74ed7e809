"""The walk that looks at everything again and again, and who hears of what it finds."""

from threading import Thread

import pytest
from django.db import connection, transaction

from lingka.core import events, verify
from lingka.core.actors import SYSTEM
from lingka.core.models import Event
from lingka.ops import doctor, metrics
from lingka.proofs import actions, selectors, verifying
from lingka.proofs.models import Breach, Bundle, Look
from tests.core.conftest import Rained

pytestmark = pytest.mark.django_db(transaction=True)
BROKEN = "UPDATE core_event SET data = '{\"drops\": 9}' WHERE position = %s"


def test_a_whole_history_passes_every_look(signed):
    signed(600)
    assert [actions.look(1) for _ in range(3)] == [0, 0, 0]
    assert Look.objects.get().rounds == 1
    assert doctor.history().grade == "ok"


def test_an_altered_record_is_met_when_its_part_is_looked_at(signed, by_force):
    signed(600)
    by_force(BROKEN, 400)
    assert [actions.look(1) for _ in range(3)] == [0, 1, 1]
    row = Event.objects.get(position=400)
    assert Breach.objects.get().where == f"test {row.stream_id} #{row.sequence}"


def test_what_was_found_stays_until_it_is_whole_again(signed, by_force):
    signed(30)
    by_force(BROKEN, 7)
    assert actions.look() == 1
    first = Breach.objects.get().found_at
    assert actions.look() == 1
    assert Breach.objects.get().found_at == first
    by_force("UPDATE core_event SET data = jsonb_build_object('drops', position - 1)")
    assert actions.look() == 0


@pytest.fixture
def restless(monkeypatch):
    """A module whose streams move on between the reading of their events and of its rows."""

    def move(stream):
        events.record(Rained(9), stream_id=stream, actor=SYSTEM)

    def apart(stream):
        with transaction.atomic():
            move(stream)
        connection.close()

    def check(histories):
        for stream, told in histories.items():
            other = Thread(target=apart, args=[stream])
            other.start()
            other.join()
            if Event.objects.filter(stream_id=stream).count() != len(told):
                yield verify.Fault(str(stream), "rows and events differ")

    monkeypatch.setitem(verify.CHECKERS, "test", check)


def test_what_moves_on_while_it_is_looked_at_is_no_fault(signed, restless):
    signed(3)
    assert actions.look() == 0


def test_without_one_view_of_the_database_it_would_seem_one(signed, restless):
    signed(3)
    with transaction.atomic():
        begun = Event.objects.filter(sequence=1).values_list("stream_id", flat=True)
        assert not verifying.bundle_faults(list(Bundle.objects.all()), 0)
        assert len(verify.stream_faults(list(begun))) == 1


def test_doctor_and_metrics_tell_of_it(signed, by_force):
    signed(30)
    by_force(BROKEN, 7)
    actions.look_at_all()
    found = doctor.history()
    assert found.grade == "bad"
    assert "was altered after it was written" in found.what
    assert b"lingka_history_breaches 1.0" in metrics.page()


def test_a_record_that_is_gone_is_met(signed, by_force):
    signed(30)
    by_force("DELETE FROM core_event WHERE position = 30")
    assert actions.look_at_all() == 1
    assert Breach.objects.get().what == "is gone"


def test_doctor_asks_for_a_key(settings):
    settings.HEAD_KEYS = []
    assert doctor.history().grade == "warn"


def test_doctor_misses_signatures_that_are_late(signed, history, monkeypatch):
    signed(3)
    history(3)
    monkeypatch.setattr(doctor, "LAG", -1)
    found = doctor.history()
    assert found.grade == "warn"
    assert selectors.state().waiting == 3
