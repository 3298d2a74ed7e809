import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import transaction

from lingka.accounts.models import User
from lingka.areas import cache
from lingka.areas import selectors as areas
from lingka.areas.models import Area, Place
from lingka.cases.models import Case
from lingka.core import clock, rereading
from lingka.core.models import Content, Event
from lingka.core.problems import Problem
from lingka.deliberation.models import Contribution, Poll, Resolution, Topic
from lingka.demo import city, polling
from lingka.demo.actions import PLANS, Plan, build
from lingka.demo.exchanging import RETURNED
from lingka.demo.history import History
from lingka.demo.live import TOLD
from lingka.demo.organisation import HOME, STREET
from lingka.demo.platforms import CALLS
from lingka.demo.sayings import Sayings, pieces
from lingka.demo.stories import stories
from lingka.demo.telling import SHOWN
from lingka.insight.recomputing import RECEIVER
from lingka.patrols import selectors
from lingka.patrols.models import Round, Submission
from lingka.points import recognised
from lingka.points.models import Transfer
from lingka.units.models import Unit


def test_the_map_uses_only_division_codes_that_exist() -> None:
    grown = city.grow(random.Random(5), small=False)
    used = {one["properties"]["code"] for one in grown.features}
    assert {code for code in used if len(code) == 12} <= city.official_codes()


def test_the_full_map_has_the_size_it_promises() -> None:
    grown = city.grow(random.Random(5), small=False)
    codes = [one["properties"]["code"] for one in grown.features]
    streets = [code for code in codes if code.endswith("000") and code[6:9] != "000"]
    communities = [code for code in codes if len(code) == 12 and code[9:] != "000"]
    assert (len(streets), len(communities)) == (12, 60)
    assert len([code for code in codes if len(code) == 15]) >= 300


def test_grids_of_a_community_fill_it_without_overlap() -> None:
    grown = city.grow(random.Random(5), small=True)
    shapes = {
        one["properties"]["code"]: (shapely.geometry.shape(one["geometry"]), one["properties"])
        for one in grown.features
    }
    whole = shapes[HOME][0]
    parts = [
        shape for code, (shape, shown) in shapes.items()
        if code.startswith(HOME) and shown.get("kind") == "comprehensive"
    ]  # fmt: skip
    assert sum(part.area for part in parts) == pytest.approx(whole.area)
    assert shapely.union_all(parts).area == pytest.approx(whole.area)


def test_the_same_seed_grows_the_same_map() -> None:
    first, second = (city.grow(random.Random(9), small=True) for _time in range(2))
    assert json.dumps(first.features) == json.dumps(second.features)


def found_on_rounds() -> set[str]:
    """The cases that checklists opened; rounds were walked, missed, and are to come."""
    states = set(Round.objects.values_list("state", flat=True))
    assert {"ended", "missed", "planned"} <= states
    looks = Submission.objects.values_list("cases", flat=True)
    found = {one for cases in looks for one in cases}
    assert found
    return found


def written_online() -> None:
    """An online council: something hidden by its rule, one vote counted and one running."""
    hall = Topic.objects.filter(council__kind="online")
    said = Contribution.objects.filter(topic__in=hall)
    assert said.count() >= 8
    assert list(said.exclude(rule="").values_list("rule", flat=True)) == ["adverts"]
    polls = Poll.objects.filter(topic__in=hall).order_by("id")
    assert list(polls.values_list("outcome", flat=True)) == ["carried", ""]


def thanked_and_returned() -> None:
    """The year before is frozen, enough are thanked to be counted; goods came back to a counter."""
    hours, *_more = recognised.thanked(NOW.year - 1)
    assert hours.count is not None
    assert hours.names
    assert Transfer.objects.filter(kind="reverse", reason="returned").count() == RETURNED


def heard_aloud() -> None:
    """One question of a checklist was recorded."""
    first = selectors.info("road_ice").body["items"][0]  # type: ignore[union-attr]
    assert {bool(selectors.sound(one)) for one in first["audio"].values()} == {True}


TINY = Plan(days=24, early=10, copies=30, fresh_days=8, fresh=36)  # scenes are among the fresh
NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
FIRST: list[list[Any]] = []  # what a small city told; it is built once for two tests


def with_figures_that_know_all(publish: Callable[..., None]) -> Callable[..., None]:
    """The small city has no quarter to publish: what the full one rests on is asked here."""

    def asked(*given: Any) -> None:
        heard, last = rereading.come_to(RECEIVER), Event.objects.latest("order_key", "position")
        assert (heard.order_key, heard.position) == (last.order_key, last.position)
        publish(*given)

    return asked


@contextmanager
def small() -> Iterator[tuple[History, int]]:
    """A small city, and how many of its cases were told again; taken back afterwards."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch, transaction.atomic(), clock.at(NOW):
        patch.setitem(PLANS, "small", TINY)
        patch.setattr(polling, "assess", with_figures_that_know_all(polling.assess))
        cache.forget()
        lived = build(seed=7, size="small", tell=said.append)
        again = next(one for one in said if one.startswith("told again"))
        yield lived, int(re.sub(r"\D", "", again))
        transaction.set_rollback(True)
    cache.forget()


@pytest.mark.django_db
def test_a_small_city_has_everything_that_a_case_needs() -> None:
    with small() as (lived, copies):
        FIRST.append(told())
        assert_whole(lived, copies)
        written_online()
        thanked_and_returned()
        assert Contribution.objects.exclude(answers=None).count() == 3  # one council writes


def assert_whole(lived: History, copies: int) -> None:
    assert sum(lived.refused.values()) <= 2
    assert {area.level for area in Area.objects.all()} == {
        "city", "district", "street", "community", "grid",
    }  # fmt: skip
    assert Place.objects.count() > 150
    assert set(Unit.objects.values_list("kind", flat=True)) == set(Unit.Kind.values)
    sheet = {
        "pai",
        "shequ",
        "rexian",
        "shui",
        "deng",
        "hefang",
        "dudao",
        "wangge",
        "guanli",
        "lingdao",
    }
    signing_in = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert signing_in == sheet
    for names in (
        *Area.objects.values_list("name", flat=True),
        *Place.objects.values_list("name", flat=True),
    ):
        assert all(names[language] for language in ("zh-hans", "bo", "en"))
        assert any("\u0f00" <= sign <= "\u0fff" for sign in names["bo"])
    assert len(areas.roots()) == 1
    told = len(list(stories(lived.begin, lived.now))) + len(TOLD)  # in full, or to a leader
    apart = told + len(SHOWN) + len(CALLS)  # on air, from another platform; papers besides
    found = found_on_rounds()
    heard_aloud()
    opened = Case.objects.exclude(channel="council")  # what the engine itself brought before it
    lived_through = opened.exclude(case_type="help.handin").exclude(uuid__in=found)
    lived_through = lived_through.exclude(uuid__in=Resolution.objects.values("case"))
    assert lived_through.count() == TINY.early + TINY.fresh + copies + apart
    assert Case.objects.filter(channel="council", facts__has_key="resolves").count() >= 1
    desk = Case.objects.filter(owner="dispatcher", desk_area__code=STREET).exclude(stage="closed")
    assert desk.count() >= 5
    with pytest.raises(Problem):
        build(seed=7, size="small")


def test_what_residents_say_is_never_the_same_twice() -> None:
    sayings = Sayings(random.Random(3))
    said = [
        sayings.report(sayings.case_type(kind, date(2026, 11, 2)), language, kind)
        for _round in range(500) for language in ("zh-hans", "bo", "en")
        for kind in ("courtyard", "street")
    ]  # fmt: skip
    assert len(set(said)) == len(said)
    assert not any("{" in text for text in said)


def test_a_text_told_again_is_another_of_the_same_matter() -> None:
    sayings = Sayings(random.Random(3))
    text = sayings.report("road.ice", "zh-hans", "street")
    again = {sayings.again(text) for _time in range(20)}
    assert len(again) == 20
    assert all(any(sign in one for sign in ("冰", "雪")) for one in again)


def test_nobody_freezes_in_july() -> None:
    sayings = Sayings(random.Random(3))
    named = {sayings.case_type("courtyard", date(2026, 7, 3)) for _time in range(2000)}
    assert "water.leak" in named
    assert not named & {"heat.cold", "heat.leak", "road.ice"}


def test_there_are_words_for_every_case_type_that_residents_choose() -> None:
    shipped = set(case_types_of_the_package())
    assert set(pieces()["types"]) == shipped


def case_types_of_the_package() -> list[str]:
    import yaml

    from lingka import cases

    path = Path(cases.__path__[0]) / "data" / "case_types.yaml"
    types = yaml.safe_load(path.read_text(encoding="utf-8"))["types"]
    return [key for key, kind in types.items() if kind.get("public", True)]


def told() -> list[Any]:
    """All cases with their words and stages, but for codes and tokens, which nobody can guess."""
    words = dict(Content.objects.filter(kind="words").values_list("id", "value"))
    found = [
        (one.case_type, one.state, one.opened_at, one.place_id is None, words[one.words])
        for one in Case.objects.all()
    ]  # fmt: skip
    return sorted(found, key=str)


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_seed_tells_the_same_months() -> None:
    if not FIRST:
        with small():
            FIRST.append(told())
    with small():
        assert told() == FIRST[0]
