"""Real requests and messages, through the real engine. Skipped where the data are not at hand.

A floor guards the share that gets type, grid, unit and deadline; docs/imports.md tells the rest.
"""

import datetime as dt
import gzip
import json
import os
from pathlib import Path

import pytest
import shapely

from lingka.accounts.models import Post, User
from lingka.areas.models import Area
from lingka.cases.models import Case
from lingka.core.ids import uuid7
from lingka.intake import imports
from lingka.units.models import Calendar, Service, Unit
from tests.intake.conftest import forget

DATA = Path(os.environ.get("LINGKA_DATA", Path(__file__).parents[3] / "shared" / "data"))
MAPPINGS = Path(imports.__file__).parent / "data" / "mappings"
REQUESTS = DATA / "requests311" / "requests_311.open.csv.gz"
MESSAGES = DATA / "messages" / "att2_labelled_raw_subset.open.jsonl.gz"
SHAPES = {
    "boston311": ("boston_neighborhoods", (-71.2, 42.2, -70.9, 42.5)),
    "newyork311": ("nyc_neighborhood_tabulation_area", (-74.3, 40.4, -73.6, 41.0)),
    "losangeles311": ("la_neighborhood_councils", (-118.8, 33.6, -118.0, 34.5)),
}
ROWS = int(os.environ.get("LINGKA_ROWS", "150"))
FLOOR = {
    "boston311": {"type": 0.85, "grid": 0.9, "unit": 0.9, "deadline": 1.0},
    "newyork311": {"type": 0.8, "grid": 0.9, "unit": 0.9, "deadline": 1.0},
    "losangeles311": {"type": 0.85, "grid": 0.7, "unit": 0.9, "deadline": 1.0},
    "messages": {"type": 0.5, "grid": 0.0, "unit": 0.9, "deadline": 1.0},
}


@pytest.fixture
def abroad(town):
    """The town's trunk, and beneath it the neighbourhoods of other cities as grids."""
    unit = Unit.objects.create(
        uuid=uuid7(), key="all", kind="office", name={"en": "All"}, area=town.city,
        calendar=Calendar.objects.get(key="office"),
    )  # fmt: skip
    Service.objects.create(
        unit=unit, area=town.city, case_type="*", basis={"en": "All"},
        valid_from=dt.date(2000, 1, 1),
    )  # fmt: skip

    Post.objects.update(valid_from=dt.date(2000, 1, 1))  # who stands for the history told
    person = User.objects.create(uuid=uuid7(), username="all", name="all")
    Post.objects.create(
        user=person, role="handler", unit=unit, area=town.city, valid_from=dt.date(2000, 1, 1)
    )

    def add(name):
        with gzip.open(DATA / "geo" / f"{name}.geojson.gz", "rt") as file:
            features = json.load(file)["features"]
        for number, feature in enumerate(features):
            shape = shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"])))
            polygons = [p for p in shapely.get_parts(shape) if p.geom_type.endswith("Polygon")]
            row = Area(
                uuid=uuid7(), level="grid", code=f"9{number:014d}", name={"en": str(number)},
                kind="comprehensive", parent=town.community, path="",
                boundary=shapely.to_wkb(shapely.union_all(polygons)),
                valid_from=dt.date(2000, 1, 1),
            )  # fmt: skip
            row.save()
            row.path = f"{town.community.path}{row.pk}/"
            row.save()
        forget()

    return add


@pytest.mark.skipif(not REQUESTS.exists(), reason="the real requests are not at hand")
@pytest.mark.parametrize("name", sorted(SHAPES))
def test_real_requests_get_type_grid_unit_and_deadline(abroad, name):
    abroad(SHAPES[name][0])
    report = imports.import_requests(REQUESTS, mapping=MAPPINGS / f"{name}.yaml", limit=ROWS)
    print(f"\n{name}\n{report}")  # noqa: T201
    assert report.opened == Case.objects.count()
    for what, floor in FLOOR[name].items():
        assert report.share(what) >= floor, what


@pytest.mark.skipif(not MESSAGES.exists(), reason="the real messages are not at hand")
def test_real_messages_get_type_unit_and_deadline(abroad):
    report = imports.import_requests(MESSAGES, mapping=MAPPINGS / "messages.yaml", limit=ROWS)
    print(f"\nmessages\n{report}")  # noqa: T201
    for what, floor in FLOOR["messages"].items():
        assert report.share(what) >= floor, what
