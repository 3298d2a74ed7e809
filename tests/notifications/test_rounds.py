"""Who answers for a round hears once that it was missed, at the level it was brought to."""

from datetime import timedelta

import pytest
from django.core import mail

from lingka.core import clock, receivers
from lingka.core.events import stored
from lingka.core.models import Event
from lingka.notifications.models import Message
from lingka.patrols import actions
from tests.cases.city import MONDAY
from tests.notifications.post import give_email, keys, send
from tests.patrols import town as towns

pytestmark = pytest.mark.django_db
AN_EVENING = timedelta(hours=14)  # after the round's end and its grace


@pytest.fixture
def town(city):
    for who in ("dispatcher", "supervisor", "handler", "walker"):
        give_email(city, who)
    return towns.build(city)


def told():
    """All that was delivered so far, twice over."""
    receivers.discover()
    one = receivers.RECEIVERS["notifications.rounds"]
    for _again in range(2):
        rows = Event.objects.filter(type__in=one.types).order_by("position")
        one.handle([stored(row) for row in rows])


def test_the_desk_hears_once_and_whoever_should_have_walked_does_not(town):
    row = town.first()
    with clock.at(MONDAY + AN_EVENING):
        actions.close_missed()
        told()
        send()
    assert {letter.to[0] for letter in mail.outbox} == {"dispatcher@example.org"}
    assert f"/desk/rounds/{row.uuid}/" in mail.outbox[0].body


def test_missed_again_and_again_it_is_told_higher_up(town):
    town.first()
    for day in range(4):
        with clock.at(MONDAY + timedelta(days=day) + AN_EVENING):
            actions.close_missed()
    with clock.at(MONDAY + timedelta(days=3) + AN_EVENING):
        told()
        send()
    assert "supervisor@example.org" in {letter.to[0] for letter in mail.outbox}
    assert set(keys()) == {"round_missed"}


def test_what_a_late_phone_shows_to_be_walked_is_told_to_nobody(town):
    row = town.first()
    with clock.at(MONDAY + AN_EVENING):
        actions.close_missed()
        actions.start_round(row.uuid, actor=town.walker)
        told()
    assert not Message.objects.exists()
