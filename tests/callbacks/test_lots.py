"""Where there are too many to call, a lot decides that anybody can check."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client

from lingka.callbacks import actions, rules
from lingka.callbacks.models import Draw
from lingka.cases import actions as cases
from lingka.cases import callbacks
from lingka.core import clock
from tests.cases.city import MONDAY, City, case_of

WORD = timedelta(days=1)  # the resident's hours are over, and it is morning again


def fixed(share: int) -> Draw:
    return Draw.objects.create(
        week=MONDAY.date(), counted=1000, share=share, seed="s", seed_hash="h", made_at=MONDAY
    )


def test_few_are_all_called_and_many_by_a_share() -> None:
    plan = callbacks.plan()
    assert rules.share(plan.sampling["above"], plan) == 100
    assert rules.share(plan.sampling["calls"] * 2, plan) == 50
    assert rules.share(10**6, plan) == plan.sampling["least"]


def test_a_lot_is_reckoned_by_anybody_from_seed_and_number() -> None:
    digest = sha256(b"seed:5KX8N2P").hexdigest()
    assert rules.lot("seed", "5KX8N2P") == int(digest[:8], 16) % 100


def test_a_share_of_lots_is_that_share() -> None:
    drawn = sum(rules.drawn("seed", f"{number:07d}", 30) for number in range(2000))
    assert 540 < drawn < 660


def test_the_lots_of_a_week_are_fixed_once(city: City) -> None:
    first = actions.draw()
    assert (first.counted, first.share) == (0, 100)
    assert first.seed_hash == sha256(first.seed.encode()).hexdigest()
    assert actions.draw().pk == first.pk
    assert Draw.objects.count() == 1


def test_lots_of_the_past_count_what_had_come_by_then(city: City) -> None:
    city.at("calling_back")
    with clock.at(MONDAY - timedelta(days=7)):
        assert actions.draw().counted == 0
    with clock.at(MONDAY + timedelta(days=7)):
        assert actions.draw().counted == 1


@pytest.mark.django_db
def test_the_seed_stays_sealed_until_its_week_is_over(city: City) -> None:
    draw = actions.draw()
    running = Client().get("/calls/").content.decode()
    assert draw.seed_hash in running
    assert draw.seed not in running
    with clock.at(MONDAY + timedelta(days=7)):
        assert draw.seed in Client().get("/calls/").content.decode()


def test_whom_the_lot_left_out_is_spared_after_the_first_word(city: City) -> None:
    opened = city.at("calling_back")
    fixed(0)
    assert actions.spare() == 0, "the resident may still answer by the link"
    with clock.at(MONDAY + WORD):
        assert actions.spare() == 1
    case = case_of(opened)
    assert (case.state, case.facts["spared"]) == ("resolved", True)


def test_whom_the_lot_chose_or_somebody_called_waits_for_the_caller(city: City) -> None:
    chosen, called = city.at("calling_back"), city.at("calling_back")
    city.do(called, "call_back_tried", "verifier", outcome="no_answer")
    draw = fixed(rules.lot("s", case_of(chosen).number) + 1)
    assert rules.drawn("s", case_of(chosen).number, draw.share)
    with clock.at(MONDAY + WORD):
        assert actions.spare() == 0


def test_the_engine_spares_nobody_by_itself(city: City) -> None:
    opened = city.at("calling_back")
    with clock.at(MONDAY + timedelta(days=9)):
        while cases.due_now():
            pass
    assert case_of(opened).state == "calling_back"


def test_without_lots_everybody_is_called(city: City) -> None:
    city.at("calling_back")
    with clock.at(MONDAY + WORD):
        assert actions.draw().share == 100
        assert actions.spare() == 0


def test_two_workers_fix_the_same_lots(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    held = fixed(40)
    monkeypatch.setattr(Draw.objects, "filter", lambda **_: Draw.objects.none())
    assert actions.draw().pk == held.pk


def test_a_case_that_moved_on_meanwhile_is_not_spared(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = city.at("calling_back")
    fixed(0)
    seen = actions.calls.to_call(actions.calls.desks_with_calls())
    city.do(opened, "call_back_done", "verifier")
    monkeypatch.setattr(actions.calls, "to_call", lambda *_given, **_more: seen)
    with clock.at(MONDAY + WORD):
        assert actions.spare() == 0
