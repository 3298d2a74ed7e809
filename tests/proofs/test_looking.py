"""The walk that looks at everything again and again, and who hears of what it finds."""

import pytest

from lingka.core.models import Event
from lingka.ops import doctor, metrics
from lingka.proofs import actions, selectors
from lingka.proofs.models import Breach, Look

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
