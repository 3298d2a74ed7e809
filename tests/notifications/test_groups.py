"""A group that waited for a room and left a number is told that it is theirs; nobody else."""

from uuid import UUID

import pytest

from lingka.notifications import channels, sending
from lingka.notifications.models import Message
from lingka.rooms import actions
from lingka.rooms.models import ContactReading
from tests.cases.city import RESIDENT, City
from tests.cases.conftest import city, monday
from tests.members.people import hear
from tests.rooms.station import book, dates
from tests.rooms.station import room as make_room

__all__ = ["city", "monday"]


@pytest.fixture
def room(city: City) -> UUID:
    return make_room(city)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []

    def text(phone: str, letter: channels.Letter) -> str:
        texts.append(f"{phone}: {letter.body}")
        return "sms"

    monkeypatch.setattr(channels, "text_message", text)
    return texts


def test_a_group_that_moves_up_is_told_by_its_number(room: UUID, sent: list[str]) -> None:
    first, second = book(room), book(room, wait=True, phone="13900008888")
    actions.give_back(first.token, dates(first)[0].uuid, actor=RESIDENT)
    hear("notifications.rooms")
    sending.send_some()
    [message] = sent
    assert message.startswith("13900008888: 您等的场地空出来了")
    assert f"/bookings/{second.token}" in message
    assert "13900008888" not in str(Message.objects.get().values)
    assert not ContactReading.objects.exists()


def test_who_left_no_number_is_told_nothing(room: UUID, sent: list[str]) -> None:
    first, _second = book(room), book(room, wait=True)
    actions.give_back(first.token, dates(first)[0].uuid, actor=RESIDENT)
    hear("notifications.rooms")
    assert not Message.objects.exists()
    assert sent == []


def test_who_gave_it_back_meanwhile_is_told_nothing(room: UUID, sent: list[str]) -> None:
    first, second = book(room), book(room, wait=True, phone="13900008888")
    actions.give_back(first.token, dates(first)[0].uuid, actor=RESIDENT)
    hear("notifications.rooms")
    actions.give_back(second.token, dates(second)[0].uuid, actor=RESIDENT)
    sending.send_some()
    assert sent == []
