"""Public promises: made by an action of the engine, kept, broken or overdue, and said so."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingka.cases import clocks, replay
from lingka.cases.receipts import Opened
from lingka.core import clock, events, receivers
from lingka.core.events import stored
from lingka.core.models import Event
from lingka.promises import selectors
from lingka.promises.models import Promise
from tests.cases.city import MONDAY, City, case_of, refusal

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def deliver(after: int = 0) -> int:
    """Hand every event behind a position to the receiver: a test's own are not committed. Returns
    how far that came."""
    receivers.discover()
    one = receivers.RECEIVERS["promises.fold"]
    rows = list(Event.objects.filter(type__in=one.types, position__gt=after).order_by("position"))
    one.handle([stored(row) for row in rows])
    return max([after, *(row.position for row in rows)])


def promised(city: City, days: int = 3, **more: Any) -> Opened:
    """A lamp in the unit's hands, promised so many days from Monday on."""
    opened = city.at("handling", **more)
    city.do(opened, "promise", "handler", until=MONDAY + days * DAY, words="三天修好")
    return opened


def state_of(opened: Opened) -> str:
    deliver()
    found = selectors.of_case(opened.case_uuid)
    return found.state if found else ""


def test_the_unit_promises_a_day_with_words_that_everybody_reads(
    city: City, client: Client
) -> None:
    opened = promised(city)
    deliver()
    page = client.get("/promises/", headers={"accept-language": "en"}).content.decode()
    assert "三天修好" in page
    assert "19 November" in page
    assert case_of(opened).clocks["promise"]["due"].startswith("2026-11-19")


def test_words_in_another_language_than_the_reader_s_are_marked_and_named(
    city: City, client: Client
) -> None:
    promised(city)
    deliver()
    shown = {}
    for language in ("bo", "zh-hans"):
        client.cookies["language"] = language
        shown[language] = client.get("/promises/").content.decode()
    assert (
        '<span lang="zh-hans">三天修好</span> <small class="note" lang="zh-hans">中文'
        in shown["bo"]
    )
    assert 'lang="zh-hans">三天修好' not in shown["zh-hans"]


def test_a_supervisor_promises_too_and_a_stranger_does_not(city: City) -> None:
    opened = city.at("handling")
    city.do(opened, "promise", "supervisor", until=MONDAY + DAY, words="明天")
    with refusal("relation"):
        city.do(opened, "promise", "verifier", until=MONDAY + DAY, words="明天")


def test_a_leader_promises_for_a_case_they_lead_and_for_no_other(city: City) -> None:
    opened, given = city.at("handling"), {"until": MONDAY + DAY, "words": "明天"}
    with refusal("relation"):
        city.do(opened, "promise", "leader", **given)
    city.do(opened, "take_lead", "leader")
    city.do(opened, "promise", "leader", **given)
    assert state_of(opened) == "running"


def test_nothing_is_promised_in_public_for_what_is_not_shown_there(city: City) -> None:
    opened = city.open("help.papers")
    with refusal("not_public"):
        city.do(opened, "promise", "supervisor", until=MONDAY + DAY, words="明天")


def test_what_is_reported_in_time_and_found_right_is_kept(city: City) -> None:
    opened = promised(city)
    city.do(opened, "report_back", "handler", words="修好了")
    assert state_of(opened) == "reported"
    city.do(opened, "verify", "verifier", how="visit")
    assert state_of(opened) == "kept"


def test_what_is_reported_too_late_is_broken_however_right(city: City) -> None:
    opened = promised(city)
    with clock.at(MONDAY + 4 * DAY):
        city.do(opened, "report_back", "handler", words="修好了")
        city.do(opened, "verify", "verifier", how="visit")
        assert state_of(opened) == "broken"


def test_a_day_that_passed_is_shown_as_overdue(city: City, client: Client) -> None:
    opened = promised(city)
    with clock.at(MONDAY + 4 * DAY):
        assert state_of(opened) == "overdue"
        page = client.get("/promises/", headers={"accept-language": "en"}).content.decode()
        assert "1 of them overdue" in page


def test_what_a_checker_finds_not_right_is_not_kept(city: City) -> None:
    opened = promised(city)
    city.do(opened, "report_back", "handler", words="修好了")
    city.do(opened, "verify_failed", "verifier", words="还是不亮")
    assert state_of(opened) == "running"


def test_what_the_resident_opens_again_is_not_kept_any_more(city: City) -> None:
    opened = promised(city)
    city.do(opened, "report_back", "handler", words="修好了")
    city.do(opened, "verify", "verifier", how="visit")
    assert state_of(opened) == "kept"
    city.do(opened, "reopen", city.reporter(opened), words="又灭了")
    assert state_of(opened) == "running"


def test_the_same_day_promised_twice_at_one_moment_is_one_promise(city: City) -> None:
    opened = promised(city)
    city.do(opened, "promise", "handler", until=MONDAY + 3 * DAY, words="三天修好")
    assert state_of(opened) == "running"
    assert Promise.objects.count() == 1


@pytest.mark.parametrize(("days", "before"), [(1, "moved"), (4, "broken")])
def test_another_day_moves_a_promise_in_time_and_breaks_it_afterwards(
    city: City, days: int, before: str
) -> None:
    opened = promised(city)
    with clock.at(MONDAY + days * DAY):
        city.do(opened, "promise", "handler", until=MONDAY + 9 * DAY, words="缺灯头")
        deliver()
    states = Promise.objects.order_by("position").values_list("state", flat=True)
    assert list(states) == [before, "running"]


def test_a_day_that_was_moved_stays_in_public_struck_through_with_the_reason(
    city: City, client: Client
) -> None:
    opened = promised(city)
    for days, why in ((1, "缺灯头"), (2, "灯头发错了")):
        with clock.at(MONDAY + days * DAY):
            until = MONDAY + (5 + days) * DAY
            city.do(opened, "promise", "handler", until=until, words=why)
    deliver()
    page = client.get("/promises/", headers={"accept-language": "en"}).content.decode()
    gone = [part.split("</s>")[0] for part in page.split("<s>")[1:]]
    assert gone == ["by 19 November", "by 22 November"]
    assert 'moved on 17 November, before its day: <span lang="zh-hans">缺灯头</span>' in page
    assert "灯头发错了" in page


def test_a_promise_that_was_broken_keeps_its_own_line_and_no_trace(city: City) -> None:
    opened = promised(city)
    with clock.at(MONDAY + 4 * DAY):
        city.do(opened, "promise", "handler", until=MONDAY + 9 * DAY, words="缺灯头")
        deliver()
        assert [one.moved for one in selectors.promises()[0]] == [()]
        assert [one.state for one in selectors.promises(over=True)[0]] == ["broken"]


def test_what_is_taken_back_before_its_day_counts_for_nothing(city: City) -> None:
    opened = promised(city)
    city.do(opened, "withdraw", city.reporter(opened))
    assert state_of(opened) == ""
    assert selectors.promises()[1].due == 0


def test_a_promise_goes_on_with_the_case_that_its_own_was_merged_into(city: City) -> None:
    opened, other = promised(city), city.at("handling")
    city.do(opened, "merge", "dispatcher", into=other.case_number)
    assert state_of(other) == "running"
    assert [one.number for one in selectors.promises()[0]] == [other.case_number]
    with clock.at(MONDAY + 4 * DAY):
        assert state_of(other) == "overdue"
        city.do(other, "report_back", "handler", words="修好了")
        city.do(other, "verify", "verifier", how="visit")
        assert state_of(other) == "broken"
    assert selectors.promises(over=True)[1].due == 1


def test_a_promise_comes_back_with_its_case_when_the_merging_is_undone(city: City) -> None:
    opened, other = promised(city), city.at("handling")
    city.do(opened, "merge", "dispatcher", into=other.case_number)
    deliver()
    city.do(opened, "part_again", "dispatcher", words="是两盏灯")
    assert (state_of(opened), state_of(other)) == ("running", "")


def test_a_promise_is_followed_by_what_is_heard_of_its_case_later_alone(city: City) -> None:
    opened = promised(city)
    heard = deliver()
    city.do(opened, "report_back", "handler", words="修好了")
    deliver(after=heard)
    assert Promise.objects.get().reported_at


def test_a_merged_case_s_promise_is_followed_by_what_is_heard_of_the_other_later_alone(
    city: City,
) -> None:
    opened, other = promised(city), city.at("handling")
    city.do(opened, "merge", "dispatcher", into=other.case_number)
    heard = deliver()
    city.do(other, "report_back", "handler", words="修好了")
    deliver(after=heard)
    assert Promise.objects.get().reported_at


def test_the_day_promised_for_a_merged_case_reminds_whoever_has_the_other(city: City) -> None:
    opened, other = promised(city), city.at("handling")
    due = case_of(opened).clocks["promise"]["due"]
    city.do(opened, "merge", "dispatcher", into=other.case_number)
    carried = case_of(other).clocks["promise"]
    assert (carried["due"], carried["stopped"]) == (due, None)
    assert replay.differences(case_of(other), events.history(other.case_uuid)) == []
    city.do(opened, "part_again", "dispatcher", words="是两盏灯")
    assert case_of(other).clocks["promise"]["stopped"]
    assert case_of(opened).clocks["promise"]["stopped"] is None


@pytest.mark.parametrize(("days", "first"), [(2, 2), (9, 3)])
def test_of_two_promised_days_the_earlier_reminds_until_they_part(
    city: City, days: int, first: int
) -> None:
    opened, other = promised(city), city.at("handling")
    city.do(other, "promise", "handler", until=MONDAY + days * DAY, words="缺灯头")
    own = case_of(other).clocks["promise"]
    city.do(opened, "merge", "dispatcher", into=other.case_number)
    assert clocks.moment(case_of(other).clocks["promise"]["due"]) == MONDAY + first * DAY
    city.do(opened, "part_again", "dispatcher", words="是两盏灯")
    assert case_of(other).clocks["promise"] == own


def test_a_promise_that_comes_along_waits_while_the_resident_is_asked(city: City) -> None:
    opened, other = promised(city), city.at("handling")
    city.do(other, "ask", "handler", words="几楼？")
    city.do(opened, "merge", "dispatcher", into=other.case_number)
    assert case_of(other).clocks["promise"]["paused"]
    city.do(other, "answer", city.reporter(other), words="三楼")
    assert case_of(other).clocks["promise"]["paused"] is None


def test_a_day_promised_for_two_that_are_one_takes_the_place_of_the_earlier(city: City) -> None:
    opened, other = promised(city), city.at("handling")
    city.do(opened, "merge", "dispatcher", into=other.case_number)
    with clock.at(MONDAY + DAY):
        city.do(other, "promise", "handler", until=MONDAY + 9 * DAY, words="缺灯头")
    city.do(other, "report_back", "handler", words="修好了")
    city.do(other, "verify", "verifier", how="visit")
    assert state_of(other) == "kept"
    assert selectors.promises()[1].due == 1


def test_a_delivery_repeated_changes_nothing(city: City) -> None:
    opened = promised(city)
    city.do(opened, "report_back", "handler", words="修好了")
    city.do(opened, "verify", "verifier", how="visit")
    deliver()
    before = list(Promise.objects.values())
    deliver()
    assert list(Promise.objects.values()) == before


def test_promises_are_found_by_area(city: City, client: Client) -> None:
    promised(city)
    deliver()
    inside = client.get("/promises/", {"area": city.street.code})
    assert len(inside.context["rows"]) == 1
    assert client.get("/promises/", {"area": "nix"}).status_code == 200
