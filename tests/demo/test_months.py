"""Half a year told in miniature, once for all these tests: rates, uniqueness, chains, work."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q

from lingka.accounts.demo import door
from lingka.accounts.models import User
from lingka.accounts.selectors import posts_of
from lingka.areas import cache
from lingka.cases import parts
from lingka.cases.models import Case, Rating, Receipt
from lingka.cases.selectors import case_types, counters
from lingka.cases.selectors.lists import open_in_grids
from lingka.core import clock, delivery, listings, verify
from lingka.core.actors import Actor
from lingka.core.models import Content, Event
from lingka.demo import measures
from lingka.demo.actions import PLANS, Plan, build
from lingka.demo.history import History
from lingka.demo.organisation import STREET
from lingka.ledgers import selectors as ledgers
from lingka.notifications.models import Message
from lingka.ops import versions
from lingka.partners import calls

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
MINIATURE = Plan(days=110, early=60, copies=1200, fresh_days=9, fresh=60)
pytestmark = pytest.mark.long
FLOWS = sorted({path.stem for path in (parts.DATA / "workflows").glob("*.yaml")} - {"part"})
STAFF = ("pai", "shequ", "rexian", "shui", "deng", "hefang", "dudao")


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[History]:
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(PLANS, "small", MINIATURE)
        cache.forget()
        with clock.at(NOW):
            yield build(seed=11, size="small")
        transaction.set_rollback(True)
    cache.forget()


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.mark.django_db
def test_months_are_filled_with_copies_of_what_was_lived(lived: History) -> None:
    assert Case.objects.count() > 1100
    told = Case.objects.filter(opened_at__lt=NOW - timedelta(days=9)).count()
    assert told > 1000
    assert not Case.objects.filter(opened_at__gt=NOW).exists()
    assert not Event.objects.filter(recorded_at__gt=NOW, stream="case").exists()


@pytest.mark.django_db
def test_every_chain_holds_and_every_row_is_the_fold_of_its_events(lived: History) -> None:
    assert verify.run() == []


@pytest.mark.django_db
def test_no_two_residents_say_the_same(lived: History) -> None:
    found = Q(case_type="safety.hazard", channel="grid_worker")  # said in a checklist's words
    reports = Case.objects.exclude(case_type="help.handin").exclude(found)  # as papers say theirs
    said = list(Content.objects.filter(id__in=reports.values("words")).values_list("value"))
    assert len({str(one) for one in said}) == len(said)


@pytest.mark.django_db
@pytest.mark.parametrize("measure", measures.MEASURES, ids=lambda one: one.name)
def test_figures_lie_in_their_bands(lived: History, measure: measures.Measure) -> None:
    value = measure.find()
    slack = 0.5 if measure.percent else 0.0  # a miniature is rougher than half a year
    assert measure.low * (1 - slack) <= value <= measure.high * (1 + slack)


@pytest.mark.django_db
@pytest.mark.parametrize("name", STAFF)
def test_every_post_of_the_sheet_finds_work(lived: History, name: str) -> None:
    user = User.objects.get(username=name)
    assert counters(Actor("user", user.pk))["mine"] >= 1


@pytest.mark.django_db
def test_the_grid_worker_finds_cases_in_the_grid(lived: History) -> None:
    user = User.objects.get(username="wangge")
    assert len(open_in_grids(posts_of(user.pk)).rows) >= 3


@pytest.mark.django_db
def test_open_cases_stand_at_every_stage_and_some_are_late(lived: History) -> None:
    still_open = Case.objects.exclude(stage="closed")
    stages = set(still_open.values_list("stage", flat=True))
    assert stages == {"intake", "dispatch", "handling", "verification", "suspended"}
    assert still_open.filter(due_at__lt=NOW).exists()
    assert still_open.filter(urgent=True).exists()
    assert still_open.filter(facts__asked__isnull=False).exists()


@pytest.mark.django_db
def test_some_open_cases_are_followed_by_neighbours(lived: History) -> None:
    followed = Case.objects.exclude(stage="closed").filter(facts__followers__gte=1)
    assert followed.count() >= 2
    for case in followed:
        followers = Receipt.objects.filter(case=case, kind="follower").count()
        assert followers == case.facts["followers"]


@pytest.mark.django_db
def test_some_reports_name_no_place_and_wait_at_the_desk_of_the_whole_town(lived: History) -> None:
    assert Case.objects.filter(grid_id=None, desk_area__parent=None, state="received").count() >= 2


@pytest.mark.django_db
def test_nobody_hears_of_what_is_past(lived: History) -> None:
    delivery.run_until_idle()
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_a_rating_comes_after_the_result(lived: History) -> None:
    for rating in Rating.objects.select_related("receipt__case")[:200]:
        assert rating.rated_at > rating.receipt.case.opened_at


@pytest.mark.django_db
def test_posts_have_names_and_persons_have_none(lived: History) -> None:
    post = re.compile("(岗|班|台|网格员|值班)( [0-9]+)?$")
    assert not [one.name for one in User.objects.all() if not post.search(one.name)]


@pytest.mark.django_db
def test_the_sign_in_sheet_knows_a_door(lived: History) -> None:
    assert re.fullmatch("/p/[0-9A-Z]{7}", door())


@pytest.mark.django_db
@pytest.mark.parametrize("flow", FLOWS)
def test_every_workflow_is_told_from_open_to_closed(lived: History, flow: str) -> None:
    types = [one.key for one in case_types() if one.workflow == flow]
    stages = set(Case.objects.filter(case_type__in=types).values_list("stage", flat=True))
    assert {"intake", "closed"} <= stages
    assert len(stages) >= 3


@pytest.mark.django_db
def test_the_ledgers_are_filled(lived: History) -> None:
    listed, (gone, _following) = ledgers.hazards(), ledgers.gone_hazards()
    assert any(one.standing.extensions for one in listed)
    assert any(one.struck_off for one in gone)
    assert len(ledgers.wishes()) >= 4
    year = ledgers.demands(NOW.year, ["/"])
    assert year.solved > year.open > 0
    assert year.raised == year.solved + year.open + year.unsolved


@pytest.mark.django_db
def test_calls_are_counted_where_they_were_made(lived: History) -> None:
    found = {one.workflow: one for one in calls.overview(["/"], NOW.date())}
    street = next(one for one in found["street_calls"].lines if one.area.code == STREET)
    assert sum(street.counts) >= 5
    assert "few" in {one.warning for one in found["community_calls"].silent}


@pytest.mark.django_db
def test_the_town_has_put_rules_of_its_own_into_force(lived: History) -> None:
    own = [one for one in versions.lines() if not one.shipped]
    known = {one.url for one in own}
    assert known >= {"/desk/changes/deadlines/deadlines/", "/desk/changes/calls/calls/"}
    assert "系统管理岗" in {one.who for one in own}


@pytest.mark.django_db
def test_every_list_of_the_desk_fills_its_columns(lived: History) -> None:
    listings.discover()
    held = {user.username: posts_of(user.pk) for user in User.objects.filter(username__in=STAFF)}
    held["guanli"] = posts_of(User.objects.get(username="guanli").pk)
    posts = [post for several in held.values() for post in several]
    actor = Actor("user", User.objects.get(username="guanli").pk)  # some rows go by who asks
    filled = set()
    for one in listings.LISTINGS.values():
        keys = one.keys(actor, posts, {})[:20]
        rows = one.cells(keys, actor, posts)
        assert all(len(row) == len(one.columns) for row in rows), one.key
        filled |= {one.key} if rows else set()
    assert filled >= {"cases-queue", "units", "staff", "agreements", "headings", "demands", "areas"}
