from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from lingka.core import clock, limits
from lingka.core.models import Limit

pytestmark = pytest.mark.django_db


def refused(code):
    return REGISTRY.get_sample_value("lingka_refusals_total", {"code": code}) or 0


def test_hits_beyond_the_limit_are_refused_until_the_window_ends():
    start = clock.now()
    with clock.at(start):
        assert [limits.hit("report", "10.0.0.1", 2, 60) for _ in range(3)] == [True, True, False]
        assert limits.hit("report", "10.0.0.2", 2, 60)
        assert limits.hit("sign-in", "10.0.0.1", 2, 60)
    with clock.at(start + timedelta(seconds=60)):
        assert limits.hit("report", "10.0.0.1", 2, 60)


def test_what_goes_beyond_a_limit_is_counted_as_a_refusal_by_what_it_limits():
    before = refused("limit:report")
    assert [limits.hit("report", "10.0.0.1", 1, 60) for _ in range(3)] == [True, False, False]
    assert refused("limit:report") == before + 2


def test_a_hit_costs_one_statement_and_keeps_no_address(django_assert_num_queries):
    with django_assert_num_queries(1):
        limits.hit("report", "10.0.0.1", 2, 60)
    assert b"10.0.0.1" not in bytes(Limit.objects.get().key)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_one_household_counts_as_one_source(rf, address, counted):
    assert limits.source_of(rf.get("/", REMOTE_ADDR=address)) == counted
