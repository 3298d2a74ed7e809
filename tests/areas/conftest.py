"""A small town made of squares: side 0.01 degrees, around (91.1, 29.6)."""

from collections.abc import Callable
from datetime import date

import pytest
import shapely

from lingka.areas import cache
from lingka.areas.models import Area, Place
from lingka.core.ids import uuid7

CITY, DISTRICT, STREET, COMMUNITY = "540100000000", "540102000000", "540102001000", "540102001001"


def names(text: str) -> dict[str, str]:
    return {"zh-hans": text, "bo": "གནས་" + text, "en": text}


class Town:
    """Makes areas directly, as set-up only."""

    def add(  # noqa: PLR0917
        self,
        level: str,
        code: str,
        parent: Area | None = None,
        shape: shapely.Geometry | None = None,
        kind: str = "",
        valid_from: date = date(2020, 1, 1),
        valid_to: date | None = None,
    ) -> Area:
        made = Area(
            uuid=uuid7(), level=level, code=code, name=names(code), kind=kind, parent=parent,
            path="", boundary=shapely.to_wkb(shape) if shape is not None else None,
            valid_from=valid_from, valid_to=valid_to,
        )  # fmt: skip
        if shape is not None:
            inner = shapely.point_on_surface(shape)
            made.lon, made.lat = inner.x, inner.y
        made.save()
        made.path = f"{parent.path if parent else '/'}{made.id}/"
        made.save(update_fields=["path"])
        cache.forget()
        return made

    def trunk(self) -> Area:
        """City, district, street and community above the grids."""
        whole = shapely.box(91.0, 29.5, 91.2, 29.7)
        parent = None
        chain = (
            ("city", CITY), ("district", DISTRICT), ("street", STREET), ("community", COMMUNITY),
        )  # fmt: skip
        for level, code in chain:
            parent = self.add(level, code, parent, whole)
        assert parent is not None
        return parent

    def grid(self, number: int, parent: Area, shape: shapely.Geometry, **more: object) -> Area:
        kind = str(more.pop("kind", "comprehensive"))
        code = f"{parent.code}{number:03}"
        return self.add("grid", code, parent, shape, kind, **more)  # type: ignore[arg-type]

    def place(self, grid: Area, code: str, lon: float, lat: float) -> Place:
        made = Place.objects.create(
            uuid=uuid7(), code=code, kind="building", name=names(code), grid=grid, lon=lon, lat=lat
        )
        cache.forget()
        return made


def square(column: int, row: int, width: int = 1, height: int = 1) -> shapely.Geometry:
    """A square of the net, with corners that are exact in binary."""
    west, south = 91.125 + column / 64, 29.5 + row / 64
    return shapely.box(west, south, west + width / 64, south + height / 64)


def middle(column: int, row: int) -> tuple[float, float]:
    return 91.125 + (column + 0.5) / 64, 29.5 + (row + 0.5) / 64


@pytest.fixture
def town(db: None) -> Town:
    cache.forget()
    return Town()


@pytest.fixture
def box() -> Callable[..., shapely.Geometry]:
    return square
