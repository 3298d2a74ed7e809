"""Who opens headings and promises for all; what a heading must say."""

from datetime import date, timedelta

import pytest

from lingka.accounts.selectors import PostInfo
from lingka.cases.models import Case
from lingka.core.actors import SYSTEM, Actor
from lingka.promises import actions, permissions
from tests.cases.city import MONDAY, City, names, problem
from tests.promises.test_headings import opened, sheet


def post(role: str) -> PostInfo:
    return PostInfo(1, 1, role, 1, 1, "/1/")


def test_supervisors_promise_for_all_and_desks_do_not() -> None:
    assert permissions.may_promise_all([post("dispatcher"), post("supervisor")])
    assert not permissions.may_promise_all([post("dispatcher")])


@pytest.mark.django_db
def test_headings_are_opened_in_one_s_own_area(city: City) -> None:
    assert permissions.may_open(SYSTEM, city.root.path)
    assert not permissions.may_open(Actor("client", 1), city.street.path)
    assert permissions.may_open(city.staff["dispatcher"], city.street.path)
    assert not permissions.may_open(city.staff["dispatcher"], city.root.path)


@pytest.mark.django_db
def test_a_heading_says_what_it_is_in_every_language(city: City) -> None:
    draft = actions.HeadingDraft(
        names("问政"), {"zh-hans": "市台"}, date(2026, 11, 14), city.units["light"].id,
        city.street.id,
    )  # fmt: skip
    with problem("words"):
        actions.open_heading(draft, sheet(), actor=SYSTEM)


@pytest.mark.django_db
def test_what_is_closed_is_left_and_what_is_refused_is_named(city: City) -> None:
    code = opened(city).code
    first = Case.objects.order_by("id")[0]
    Case.objects.filter(id=first.id).update(stage="closed")
    asked = {
        "until": MONDAY + timedelta(days=5),
        "words": "五天",
        "actor": city.staff["dispatcher"],
    }
    result = actions.promise_all(code, **asked)
    assert result.done == 0
    assert first.number not in dict(result.refused)
    assert len(result.refused) == 2
    with problem("no_heading"):
        actions.promise_all("0000000", **asked)
