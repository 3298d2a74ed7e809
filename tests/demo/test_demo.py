import json
import random

import pytest
import shapely

from lingka.accounts.models import User
from lingka.areas import selectors as areas
from lingka.areas.models import Area, Place
from lingka.core.problems import Problem
from lingka.demo import city
from lingka.demo.actions import build
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
    whole = shapes[organisation_home()][0]
    parts = [
        shape for code, (shape, shown) in shapes.items()
        if code.startswith(organisation_home()) and shown.get("kind") == "comprehensive"
    ]  # fmt: skip
    assert sum(part.area for part in parts) == pytest.approx(whole.area)
    assert shapely.union_all(parts).area == pytest.approx(whole.area)


def organisation_home() -> str:
    from lingka.demo.organisation import HOME

    return HOME


def test_the_same_seed_grows_the_same_map() -> None:
    first, second = (city.grow(random.Random(9), small=True) for _time in range(2))
    assert json.dumps(first.features) == json.dumps(second.features)


@pytest.mark.django_db
def test_a_small_city_has_everything_that_a_case_needs() -> None:
    build(seed=7, size="small")
    assert {area.level for area in Area.objects.all()} == {
        "city", "district", "street", "community", "grid",
    }  # fmt: skip
    assert Place.objects.count() > 150
    assert set(Unit.objects.values_list("kind", flat=True)) == set(Unit.Kind.values)
    sheet = {"pai", "shequ", "shui", "deng", "hefang", "dudao", "wangge", "guanli"}
    signing_in = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert signing_in == sheet
    for names in (
        *Area.objects.values_list("name", flat=True),
        *Place.objects.values_list("name", flat=True),
    ):
        assert all(names[language] for language in ("zh-hans", "bo", "en"))
        assert any("\u0f00" <= sign <= "\u0fff" for sign in names["bo"])
    assert len(areas.roots()) == 1
    with pytest.raises(Problem):
        build(seed=7, size="small")
