"""What callers send, read strictly."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from lingka.core import clock
from lingka.open311 import parameters
from lingka.open311.errors import GeoReportError

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def query(**pairs: str) -> QueryDict:
    return QueryDict(urlencode(pairs))


def test_without_dates_the_last_ninety_days_are_searched() -> None:
    with clock.at(NOW):
        wanted = parameters.search(query())
    assert wanted.start == NOW - timedelta(days=90)
    assert wanted.end == NOW


def test_a_span_over_ninety_days_is_cut_from_its_start() -> None:
    wanted = parameters.search(query(start_date="2026-01-01", end_date="2026-12-01"))
    assert wanted.start == datetime(2026, 1, 1, tzinfo=UTC)
    assert wanted.end == datetime(2026, 4, 1, tzinfo=UTC)


def test_a_search_by_change_does_not_limit_the_opening_date() -> None:
    wanted = parameters.search(query(updated_after="2026-11-20T00:00:00Z"))
    assert wanted.start is None
    assert wanted.end is None


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with override("en"), pytest.raises(GeoReportError, match="before"):
        parameters.search(query(start_date="2026-02-01", end_date="2026-01-01"))


@pytest.mark.parametrize("value", ["2026-11-20T08:00:00+08:00", "2026-11-20T00:00:00Z"])
def test_offsets_are_understood(value: str) -> None:
    assert parameters.moment(query(d=value), "d") == datetime(2026, 11, 20, tzinfo=UTC)


def test_an_offset_whose_plus_was_not_escaped_is_understood() -> None:
    data = QueryDict("d=2026-11-20T08:00:00+08:00")
    assert parameters.moment(data, "d") == datetime(2026, 11, 20, tzinfo=UTC)


def test_an_empty_parameter_counts_as_absent() -> None:
    assert parameters.number(query(lat=""), "lat", -90, 90) is None


@pytest.mark.parametrize("value", ["nan", "inf", "91", "north", "1e999"])
def test_a_latitude_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(GeoReportError, match="lat"):
        parameters.number(query(lat=value), "lat", -90, 90)


def test_attributes_come_single_or_as_a_list() -> None:
    data = QueryDict("attribute[depth]=deep&attribute[when][]=day&attribute[when][]=night")
    assert parameters.attributes(data) == {"depth": ["deep"], "when": ["day", "night"]}


def test_another_jurisdiction_is_unknown() -> None:
    with pytest.raises(GeoReportError) as caught:
        parameters.jurisdiction(query(jurisdiction_id="elsewhere"), "lingka")
    assert caught.value.status == 404


@given(st.text(max_size=60), st.sampled_from(["start_date", "page", "page_size", "status"]))
def test_whatever_is_sent_is_read_or_refused_with_a_reason(value: str, name: str) -> None:
    answered: object = None
    try:
        answered = parameters.search(query(**{name: value.encode("utf-8", "replace").decode()}))
    except GeoReportError as error:
        answered = error.status == 400 and error.description
    assert answered


@pytest.mark.parametrize("value", ["1001", "000000005000", "9" * 200, "1_0", "٣", "0", "-1"])
def test_a_page_size_beyond_the_cap_is_refused_however_it_is_written(value: str) -> None:
    with pytest.raises(GeoReportError, match="page_size"):
        parameters.search(query(page_size=value))
