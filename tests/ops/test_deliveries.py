"""Deliveries that failed: seen with their reason, tried again or given up by hand, on record."""

from typing import Any

import pytest
from django.test import Client

from lingka.accounts.models import User
from lingka.core import delivery, receivers
from lingka.core.actors import SYSTEM
from lingka.core.events import StoredEvent, history
from lingka.core.models import HeldDelivery
from lingka.core.permissions import PermissionRefused
from lingka.ops import actions, cli
from lingka.ops.events import DELIVERIES, DeliveriesRetried, DeliverySkipped
from tests.cases import city as cities
from tests.cases.city import City

PAGE = "/desk/deliveries/"


class Ear:
    """A receiver that fails until it is mended."""

    def __init__(self) -> None:
        self.deaf = True
        self.heard: list[str] = []

    def hear(self, event: StoredEvent) -> None:
        if self.deaf:
            raise ValueError("the line is dead")
        self.heard.append(event.type)


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    from lingka.cases.events import CaseActed, CaseOpened

    receivers.discover()  # else the first to do so in this process would lose them afterwards
    monkeypatch.setattr(receivers, "RECEIVERS", {})
    monkeypatch.setattr(receivers, "discover", lambda: None)
    made = Ear()
    receivers.receiver("ear", CaseOpened, CaseActed)(made.hear)
    return made


@pytest.fixture
def town(transactional_db: None) -> City:
    made = cities.build()
    cities._post("boss", "administrator", made.units["hall"], made.root)
    cities._post("local", "administrator", made.units["office"], made.street)
    return made


@pytest.fixture
def held(town: City, ear: Ear) -> HeldDelivery:
    """A case whose opening was not heard, and an acceptance that waits behind it."""
    opened = town.open()
    town.do(opened, "accept", "dispatcher")
    delivery.run_until_idle()
    return HeldDelivery.objects.get(next_try_at__isnull=False)


def signed_in(who: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(User.objects.get(username=who))
    return client


def acts() -> list[Any]:
    return [one.data for one in history(DELIVERIES)]


def test_the_page_names_what_failed_why_and_what_waits_behind_it(held: HeldDelivery) -> None:
    html = signed_in("boss").get(PAGE).content.decode()
    assert "Case opened → " in html
    assert "ValueError: the line is dead" in html
    assert "1 more waits behind it" in html


def test_trying_again_delivers_all_of_the_stream_and_is_recorded(
    town: City, held: HeldDelivery, ear: Ear
) -> None:
    ear.deaf = False
    answer = signed_in("boss").post(PAGE, {"do": "retry", "held": held.pk}, follow=True)
    assert "2 deliveries went through." in answer.content.decode()
    assert ear.heard == ["cases.CaseOpened", "cases.CaseActed"]
    assert acts() == [DeliveriesRetried(2, held.pk)]
    assert "boss" in answer.content.decode()


def test_what_fails_again_stays_with_its_newest_reason(held: HeldDelivery) -> None:
    answer = signed_in("boss").post(PAGE, {"do": "retry"}, follow=True)
    assert "It failed again." in answer.content.decode()
    assert HeldDelivery.objects.get(pk=held.pk).attempts == held.attempts + 1


def test_giving_one_up_lets_the_next_go_and_is_recorded(held: HeldDelivery, ear: Ear) -> None:
    signed_in("boss").post(PAGE, {"do": "skip", "held": held.pk})
    assert acts() == [DeliverySkipped("ear", held.event_id)]
    ear.deaf = False
    receivers.retry_held()
    assert ear.heard == ["cases.CaseActed"]


def test_giving_up_what_is_gone_says_so_and_records_nothing(held: HeldDelivery) -> None:
    client = signed_in("boss")
    for number in (held.pk, held.pk):
        answer = client.post(PAGE, {"do": "skip", "held": number}, follow=True)
    assert "not held any more" in answer.content.decode()
    assert len(acts()) == 1


@pytest.mark.parametrize("who", ["local", "dispatcher", "handler", "supervisor"])
def test_only_administrators_of_the_whole_town_look_after_it(
    town: City, ear: Ear, who: str
) -> None:
    assert signed_in(who).get(PAGE).status_code == 404
    assert PAGE not in signed_in(who).get("/desk/").content.decode()
    with pytest.raises(PermissionRefused):
        actions.retry_deliveries(actor=town.staff["dispatcher"])


def test_the_command_lists_retries_and_skips(
    held: HeldDelivery, ear: Ear, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["held"]) == 1
    assert f"{held.pk}  cases.CaseOpened" in capsys.readouterr().out
    assert cli.main(["held", "skip"]) == 2
    assert cli.main(["held", "skip", str(held.pk)]) == 1
    assert cli.main(["held", "skip", str(held.pk)]) == 1
    ear.deaf = False
    assert cli.main(["held", "retry"]) == 0
    assert [one.actor for one in history(DELIVERIES)] == [SYSTEM.as_json()] * 2
