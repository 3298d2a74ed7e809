"""What the form promises comes from the deadlines of the kind of case, in its own calendar."""

from datetime import UTC, datetime

import pytest

from lingka.core import clock

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # ten in the morning in Lhasa


def _said(client, town, case_type, *, place=True, language="zh-hans", at=MONDAY):
    client.cookies["language"] = language
    with clock.at(at):
        query = f"?place={town.place.code}" if place else ""
        page = client.get(f"/report/{case_type}{query}").content.decode()
    return page.partition('<p class="note promise">')[2].partition("</p>")[0]


def test_an_urgent_kind_says_which_unit_comes_and_how_soon_day_and_night(client, town):
    said = _said(client, town, "water.burst")
    assert said == "供水维修队：1 小时内有人到场，12 小时内办好。"


def test_without_a_place_nobody_is_promised_by_name(client, town):
    assert _said(client, town, "water.burst", place=False).startswith("受理台：1 小时内有人到场")


def test_working_time_is_promised_as_the_moment_it_ends(client, town):
    said = _said(client, town, "water.leak")
    assert said == "受理台：今天 16:30 前给您回话，11 月 21 日 18:30 前办好。"


def test_at_night_the_hours_begin_in_the_morning(client, town):
    night = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
    assert "明天 16:00 前给您回话" in _said(client, town, "water.leak", at=night)


def test_kinds_differ_because_their_deadlines_do(client, town):
    assert _said(client, town, "water.leak") != _said(client, town, "help.papers")


@pytest.mark.parametrize(
    ("language", "word"), [("bo", "དོན་འཛིན་ཁང་"), ("en", "The desk: You get an answer by")]
)
def test_the_promise_speaks_the_readers_language(client, town, language, word):
    assert word in _said(client, town, "water.leak", language=language)


def test_the_receipt_keeps_what_the_form_promised(client, town):
    data = {"place": town.place.code, "words": "漏水", "seen": "1"}
    with clock.at(MONDAY):
        token = client.post("/report/water.leak", data)["Location"].split("/")[2]
        page = client.get(f"/r/{token}/receipt").content.decode()
    assert "今天 16:30" in page
    assert "11 月 21 日 18:30" in page
