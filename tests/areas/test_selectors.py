from datetime import UTC, date, datetime

import numpy as np
import pytest

from lingka.areas import cache, selectors
from lingka.areas.models import Area, Place
from lingka.core import codes
from lingka.core.problems import Problem

from .conftest import Town, middle, square


def test_a_point_inside_a_grid_belongs_to_it(town: Town) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0))
    found = selectors.locate(*middle(0, 0))
    assert (found.grid_id, found.path, found.how, found.also) == (grid.id, grid.path, "inside", ())


def test_a_point_on_a_border_belongs_to_the_lower_code(town: Town) -> None:
    trunk = town.trunk()
    higher = town.grid(2, trunk, square(0, 0))
    lower = town.grid(1, trunk, square(1, 0))
    lon, lat = 91.125 + 1 / 64, middle(0, 0)[1]
    found = selectors.locate(lon, lat)
    assert (found.grid_id, found.how, found.also) == (lower.id, "border", (higher.id,))


def test_a_corner_names_every_grid_that_meets_there(town: Town) -> None:
    trunk = town.trunk()
    spots = [(1, 1), (0, 1), (1, 0), (0, 0)]
    made = [town.grid(n, trunk, square(*spot)).id for n, spot in enumerate(spots, start=1)]
    found = selectors.locate(91.125 + 1 / 64, 29.5 + 1 / 64)
    assert (found.grid_id, found.also) == (made[0], tuple(made[1:]))


def test_a_point_in_no_grid_is_nowhere(town: Town) -> None:
    town.grid(1, town.trunk(), square(0, 0))
    assert selectors.locate(*middle(3, 3)) == selectors.NOWHERE


def test_a_town_without_grids_locates_nothing(town: Town) -> None:
    assert selectors.locate(91.1, 29.6) == selectors.NOWHERE
    assert selectors.locate_bulk(np.array([[91.1, 29.6]])).tolist() == [-1]


def test_a_dedicated_grid_wins_inside_a_comprehensive_one(town: Town) -> None:
    trunk = town.trunk()
    around = town.grid(1, trunk, square(0, 0, 3, 3))
    market = town.grid(9, trunk, square(1, 1), kind="dedicated")
    found = selectors.locate(*middle(1, 1))
    assert (found.grid_id, found.how, found.also) == (market.id, "dedicated", (around.id,))
    assert selectors.locate(*middle(0, 1)).grid_id == around.id


def test_the_border_of_a_dedicated_grid_belongs_to_it(town: Town) -> None:
    trunk = town.trunk()
    town.grid(1, trunk, square(0, 0, 3, 3))
    market = town.grid(9, trunk, square(1, 1), kind="dedicated")
    found = selectors.locate(91.125 + 1 / 64, middle(1, 1)[1])
    assert (found.grid_id, found.how) == (market.id, "border")


def test_a_mobile_grid_counts_only_where_no_other_is(town: Town) -> None:
    trunk = town.trunk()
    touring = town.grid(1, trunk, square(0, 0, 3, 3), kind="mobile")
    fixed = town.grid(2, trunk, square(1, 1))
    assert selectors.locate(*middle(0, 0)).grid_id == touring.id
    found = selectors.locate(*middle(1, 1))
    assert (found.grid_id, found.also) == (fixed.id, (touring.id,))


def test_a_moment_in_the_past_is_answered_with_the_boundaries_of_then(town: Town) -> None:
    trunk = town.trunk()
    old = town.grid(1, trunk, square(0, 0), valid_to=date(2026, 6, 1))
    new = town.grid(2, trunk, square(0, 0), valid_from=date(2026, 6, 1))
    before = datetime(2026, 5, 31, 15, 0, tzinfo=UTC)  # 23:00 in the town
    after = datetime(2026, 5, 31, 16, 0, tzinfo=UTC)  # midnight in the town
    assert selectors.locate(*middle(0, 0), at=before).grid_id == old.id
    assert selectors.locate(*middle(0, 0), at=after).grid_id == new.id


def test_bulk_and_single_agree_everywhere(town: Town) -> None:
    trunk = town.trunk()
    for number in range(9):
        town.grid(number + 1, trunk, square(number % 3, number // 3))
    town.grid(20, trunk, square(1, 1), kind="dedicated")
    rng = np.random.default_rng(7)
    points = np.column_stack(
        [rng.integers(-4, 20, 400) / 256 + 91.125, rng.integers(-4, 20, 400) / 256 + 29.5]
    )
    one_by_one = [selectors.locate(lon, lat).grid_id or -1 for lon, lat in points]
    assert selectors.locate_bulk(points).tolist() == one_by_one
    assert {-1} < set(one_by_one)


def test_no_points_give_no_answers(town: Town) -> None:
    assert selectors.locate_bulk(np.empty((0, 2))).tolist() == []


def test_known_areas_and_places_cost_no_statement(
    town: Town, django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0))
    code = codes.short_code()
    place = town.place(grid, code, *middle(0, 0))
    selectors.locate(*middle(0, 0))
    selectors.place(place.id)
    monkeypatch.setattr(cache._ALL, "every", float("inf"))  # as within the same second
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert selectors.area(grid.id).code == grid.code
        assert selectors.ancestors(grid.path)[0].level == "city"
        assert selectors.locate(*middle(0, 0)).grid_id == grid.id
        assert selectors.place(place.id).code == code
        assert selectors.place_by_code(code) is not None


def test_another_process_is_heard_by_the_token(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache._ALL, "every", 0.0)
    grid = town.grid(1, town.trunk(), square(0, 0))
    assert selectors.area(grid.id).households is None
    Area.objects.filter(id=grid.id).update(households=77)
    assert selectors.area(grid.id).households == 77


def test_an_area_made_a_moment_ago_is_found(town: Town) -> None:
    trunk = town.trunk()
    assert selectors.subtree_grids(trunk.id) == []
    held = cache._ALL.held
    grid = town.grid(1, trunk, square(0, 0))
    cache._ALL.held = held  # as in a process that did not make it
    assert selectors.area(grid.id).id == grid.id


def test_what_never_was_is_said_to_be_missing(town: Town) -> None:
    with pytest.raises(Problem) as missing:
        selectors.area(999_999)
    assert missing.value.status == 404
    with pytest.raises(Problem):
        selectors.place(999_999)
    assert selectors.place_by_code("nonsense") is None
    assert selectors.place_by_code(codes.short_code()) is None


def test_a_code_is_read_however_it_was_typed(town: Town) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0))
    code = codes.short_code()
    place = town.place(grid, code, *middle(0, 0))
    found = selectors.place_by_code(codes.pretty(code).lower())
    assert found is not None
    assert found.id == place.id


def test_an_inactive_place_no_longer_answers_its_code(town: Town) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0))
    code = codes.short_code()
    place = town.place(grid, code, *middle(0, 0))
    Place.objects.filter(id=place.id).update(active=False)
    assert selectors.place_by_code(code) is None
    assert selectors.place(place.id).active is False


def test_the_nearest_places_come_first(town: Town) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0, 3, 3))
    lon, lat = middle(1, 1)
    far = town.place(grid, codes.short_code(), lon + 0.01, lat)
    near = town.place(grid, codes.short_code(), lon + 0.0001, lat)
    assert [one.id for one in selectors.places_near(lon, lat, 5)] == [near.id, far.id]
    assert [one.id for one in selectors.places_near(lon, lat, 1)] == [near.id]


def test_desks_sit_above_grids_and_grids_below_desks(town: Town) -> None:
    trunk = town.trunk()
    grid = town.grid(1, trunk, square(0, 0))
    city = selectors.roots()[0]
    assert [one.level for one in selectors.areas_below(city.id)] == [
        "city", "district", "street", "community", "grid",
    ]  # fmt: skip
    assert selectors.desks_under(trunk.id) == [trunk.id]
    assert selectors.subtree_grids(city.id) == [grid.id]
    assert selectors.area_by_code(grid.code) == selectors.area(grid.id)


def test_an_outline_is_geojson(town: Town) -> None:
    grid = town.grid(1, town.trunk(), square(0, 0))
    shown = selectors.boundaries_geojson(grid.id)
    assert shown["features"][0]["geometry"]["type"] == "Polygon"
    assert shown["features"][0]["properties"]["own"] is True
