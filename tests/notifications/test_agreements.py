"""Both sides of an agreement hear before it ends, and when it has ended, once each."""

from datetime import timedelta

import pytest
from django.core import mail

from lingka.accounts.selectors import today
from lingka.core import clock, receivers
from lingka.core.actors import SYSTEM
from lingka.core.events import stored
from lingka.core.models import Event
from lingka.notifications import actions
from lingka.notifications.models import Message
from lingka.units import actions as units
from tests.cases.city import names
from tests.notifications.post import give_email, keys, send

WEEK = timedelta(days=7)


@pytest.fixture
def agreement(city):
    """The light team's, for the street, until three weeks from now."""
    for who in ("dispatcher", "handler", "plumber"):
        give_email(city, who)
    return units.register_agreement(
        city.units["light"].id, actor=SYSTEM, area_ids=[city.street.id], case_types=[],
        promise=names("坏灯当天修"), valid_from=today() - WEEK, valid_to=today() + 3 * WEEK,
    )  # fmt: skip


def watched():
    units.watch_agreements()
    receivers.discover()
    one = receivers.RECEIVERS["notifications.agreements"]
    for _again in range(2):  # delivered twice, it is told once
        rows = Event.objects.filter(type__in=one.types).order_by("position")
        one.handle([stored(row) for row in rows])


def test_the_unit_and_the_desk_hear_before_it_runs_out_and_no_other_unit(city, agreement):
    watched()
    send()
    told = {letter.to[0]: letter.body for letter in mail.outbox}
    assert told.keys() == {"handler@example.org", "dispatcher@example.org"}
    assert f"/desk/agreements/{agreement}/" in told["dispatcher@example.org"]
    assert "runs out after 6 December" in told["handler@example.org"]
    assert "/desk/agreements/" not in told["handler@example.org"]  # that page is the desk's


def test_when_it_is_over_both_hear_it_once_more(city, agreement):
    watched()
    with clock.at(clock.now() + 4 * WEEK):
        watched()
        assert keys() == ["agreement_soon"] * 2 + ["agreement_over"] * 2


def test_what_was_over_long_ago_is_told_to_nobody(city, agreement):
    units.watch_agreements()
    with clock.at(clock.now() + 2 * WEEK):
        watched()
    assert keys() == []


def test_whoever_wants_no_such_news_gets_none(city, agreement):
    for who in ("dispatcher", "handler"):
        user = city.staff[who]
        actions.choose(user.id, actor=user, wanted=[("urgent", "email")])
    watched()
    assert not Message.objects.exists()
