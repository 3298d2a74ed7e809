"""Over the wire: what a platform answers stops nothing, and nothing becomes two cases."""

from http.client import BadStatusLine
from typing import Any

import pytest
from django.utils import translation

from lingka.cases.models import Case
from lingka.core.problems import Problem
from lingka.exchange import actions, wire
from lingka.exchange.models import Given, Theirs
from tests.cases.city import City, problem
from tests.exchange.conftest import KEY, WIRE, set_up

pytestmark = pytest.mark.django_db


class There:
    """Another platform in this process: what it was told, and what it answers."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows, self.asked, self.told = list(rows), [], {}

    def ask(self, address: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(query)
        size = int(query["page_size"])
        return self.rows[(query["page"] - 1) * size : query["page"] * size]

    def tell(self, address: str, values: dict[str, Any], key: str) -> list[dict[str, Any]]:
        self.told.setdefault(key, values)
        return [{"service_request_id": f"P{list(self.told).index(key)}"}]


@pytest.fixture
def there(city: City, monkeypatch: pytest.MonkeyPatch) -> There:
    made = There()
    monkeypatch.setattr(wire, "ask", made.ask)
    monkeypatch.setattr(wire, "tell", made.tell)
    set_up(mapping=WIRE, address="https://province.example/v2", secret="key", shares="listed")
    return made


def row(number: int, status: str = "open") -> dict[str, Any]:
    return {
        "service_request_id": f"T{number}", "description": "路灯不亮", "status": status,
        "address": "540102001001",
    }  # fmt: skip


def test_what_they_have_is_asked_for_page_by_page_and_once(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PAGE", 2)
    there.rows = [row(number) for number in range(3)]
    assert actions.pull(KEY)["opened"] == 3
    assert actions.pull(KEY)["opened"] == 0
    assert "updated_after" in there.asked[-1]
    assert [query["page"] for query in there.asked[:2]] == [1, 2]


def test_a_platform_that_knows_no_pages_is_asked_no_third_time(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PAGE", 2)
    asked: list[Any] = []

    def the_same(_to: str, query: Any) -> Any:
        asked.append(query)
        assert len(asked) < 5
        return [row(number) | {"told_at": len(asked)} for number in (1, 2)]

    monkeypatch.setattr(wire, "ask", the_same)
    assert actions.pull(KEY)["opened"] == 2
    assert len(asked) == 2


def test_a_platform_that_finds_no_end_is_broken_off(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PAGE", 1)
    monkeypatch.setattr(actions, "MOST_PAGES", 3)
    monkeypatch.setattr(wire, "ask", lambda _to, query: [row(query["page"])])
    with problem("peer_away"):
        actions.pull(KEY)
    assert Case.objects.count() == 3


def test_a_first_row_without_what_is_empty_is_taken_in(there: There) -> None:
    set_up(mapping=WIRE.replace("jsonl", "csv"), address="https://province.example/v2")
    there.rows = [{k: v for k, v in row(1).items() if k != "status"}, row(2)]
    assert actions.pull(KEY)["opened"] == 2


def test_a_report_whose_answer_was_lost_does_not_come_back_as_a_second_case(
    there: There, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*given: Any) -> Any:
        (one,) = there.tell(*given)
        there.rows = [row(1) | one]
        raise Problem("peer_away", "no answer", status=502)

    city.open(words="巷口那盏")
    monkeypatch.setattr(wire, "tell", lost)
    actions.run(KEY)
    monkeypatch.setattr(wire, "tell", there.tell)
    actions.run(KEY)
    assert (Case.objects.count(), Given.objects.exclude(their_id="").count()) == (1, 1)


def test_what_they_refuse_holds_up_none_behind_it(
    there: There, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def some(address: str, values: dict[str, Any], key: str) -> Any:
        if values["service_code"] == "water.leak":
            raise Problem("peer", "400", status=502)
        return there.tell(address, values, key)

    monkeypatch.setattr(wire, "tell", some)
    for number in range(4):
        city.open("water.leak", words=f"水{number}", lon=91.11 + number / 100)
    city.open(words="灯")
    assert actions.push(KEY) == {"rows": 1, "refused": 4, "away": 0}


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_a_number_that_nothing_can_hold_holds_up_no_other(there: There, sign: str) -> None:
    there.rows = [row(1) | {"service_request_id": f"T{sign}"}, row(2)]
    counts = actions.pull(KEY)
    assert (counts["opened"], counts["refused"]) == (1, 1)
    assert [one.their_id for one in Theirs.objects.all()] == ["T2"]


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_words_that_nothing_can_hold_hold_up_no_other(there: There, sign: str) -> None:
    there.rows = [row(1) | {"description": f"路灯{sign}"}, row(2)]
    counts = actions.pull(KEY)
    assert (counts["opened"], counts["refused"]) == (1, 1)


def test_what_we_have_is_reported_there_once_and_does_not_come_back(
    there: There, city: City
) -> None:
    opened = city.open(words="巷口那盏")
    for _ in range(2):
        actions.push(KEY)
    assert Given.objects.get(case_uuid=opened.case_uuid).their_id == "P0"
    (told,) = there.told.values()
    assert (told["service_code"], told["api_key"]) == ("light.out", "key")
    assert "巷口那盏" not in str(told)
    there.rows = [row(1) | {"service_request_id": "P0"}]
    actions.pull(KEY)
    assert Case.objects.count() == 1


def test_a_platform_that_is_away_is_tried_again_later(
    there: There, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: Any) -> Any:
        raise Problem("peer_away", "away", status=502)

    monkeypatch.setattr(wire, "tell", away)
    monkeypatch.setattr(wire, "ask", away)
    for number in range(5):
        city.open(words=f"灯{number}", lon=91.11 + number / 100)
    assert actions.push(KEY) == {"rows": 0, "refused": 3, "away": 3}
    assert not actions.run(KEY)
    monkeypatch.setattr(wire, "tell", there.tell)
    assert actions.run(KEY) == ["away"]
    assert Given.objects.exclude(their_id="").count() == 5


def test_an_answer_without_a_number_is_no_report(
    there: There, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "tell", lambda *_given: [])
    city.open()
    assert actions.push(KEY)["refused"] == 1
    assert not Given.objects.exists()


def test_the_same_number_for_two_cases_is_taken_once(
    there: There, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "tell", lambda *_given: [{"service_request_id": "1"}])
    for number in range(2):
        city.open(words=f"灯{number}", lon=91.11 + number / 100)
    assert actions.push(KEY) == {"rows": 1, "refused": 1, "away": 0}


@pytest.mark.parametrize("number", ["\x00", "\ud800", "9" * 200])
def test_a_number_that_cannot_be_kept_is_no_report(
    there: There, city: City, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setattr(wire, "tell", lambda *_given: [{"service_request_id": number}])
    city.open()
    assert actions.push(KEY)["refused"] == 1


def test_without_an_address_or_key_nothing_goes_over_the_wire(peer: str) -> None:
    with problem("no_address"):
        actions.pull(peer)
    with problem("no_key"):
        actions.push(peer)
    assert actions.run(peer) == []


class TestTheWire:
    class Answer:
        def __init__(self, body: bytes) -> None:
            self.body = body

        def __enter__(self) -> "TestTheWire.Answer":
            return self

        def __exit__(self, *_given: object) -> None:
            return

        def read1(self, _most: int) -> bytes:
            body, self.body = self.body, b""
            return body

    def says(self, monkeypatch: pytest.MonkeyPatch, body: Any) -> list[Any]:
        seen: list[Any] = []

        def opened(request: Any, timeout: int) -> Any:
            seen.append(request)
            if isinstance(body, Exception):
                raise body
            return self.Answer(body)

        monkeypatch.setattr("urllib.request.urlopen", opened)
        return seen

    def test_it_asks_and_tells(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen = self.says(monkeypatch, b'[{"service_request_id": "1"}]')
        wire.ask("https://a.example/v2/", {"page": 1})
        wire.tell("https://a.example/v2", {"api_key": "k"}, "key")
        assert seen[0].full_url == "https://a.example/v2/requests.json?page=1"
        assert (seen[1].data, seen[1].get_header("Idempotency-key")) == (b"api_key=k", "key")

    @pytest.mark.parametrize(
        "body", [b"<html>", b'{"a": 1}', b"[1]", OSError("away"), BadStatusLine("no")]
    )
    def test_what_is_no_list_is_said(self, monkeypatch: pytest.MonkeyPatch, body: Any) -> None:
        self.says(monkeypatch, body)
        with problem("peer_away"):
            wire.ask("https://a.example/v2", {})

    def test_an_answer_that_trickles_is_broken_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.says(monkeypatch, b"[]")
        monkeypatch.setattr(wire, "LONGEST", -1)
        with problem("peer_away"):
            wire.ask("https://a.example/v2", {})

    def test_a_refusal_says_its_status(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from email.message import Message
        from urllib.error import HTTPError

        self.says(monkeypatch, HTTPError("u", 403, "no", Message(), None))
        with pytest.raises(Problem) as refused, translation.override("en"):
            wire.ask("https://a.example/v2", {})
        assert "403" in str(refused.value)
