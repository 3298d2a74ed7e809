from datetime import date

import pytest

from lingka.areas.models import Area
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.units import actions


def names(text: str) -> dict[str, str]:
    return {"zh-hans": text, "bo": text, "en": text}


def make_area(code: str, parent: Area | None = None, level: str = "street") -> Area:
    area = Area.objects.create(
        uuid=uuid7(), level=level, code=code, name=names(code), parent=parent, path="/",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    area.path = f"{parent.path if parent else '/'}{area.id}/"
    area.save()
    return area


HOURS = {day: [("09:30", "13:00"), ("15:30", "18:30")] for day in range(5)}


@pytest.fixture
def city(db):
    return make_area("540100000000", level="city")


@pytest.fixture
def street(city):
    return make_area("540102001000", city)


@pytest.fixture
def grid(street):
    return make_area("540102001001001", street, "grid")


@pytest.fixture
def calendar(db):
    made = actions.create_calendar(actor=SYSTEM, key="office", name=names("机关"))
    actions.add_calendar_version(
        made, actor=SYSTEM, hours=HOURS, country="CN", valid_from=date(2024, 1, 1)
    )
    return made


@pytest.fixture
def water(city, calendar):
    return actions.create_unit(
        actor=SYSTEM, key="water", kind="utility", name=names("自来水公司"), area_id=city.id,
        calendar_id=calendar,
    )  # fmt: skip
