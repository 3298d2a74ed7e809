"""A small town for the resident's pages: one street, one community, two grids, a water team."""

import datetime as dt
from types import SimpleNamespace

import pytest
import shapely

from lingka.accounts.models import Post, Role, Shift, User
from lingka.accounts.selectors import forget as forget_accounts
from lingka.areas.cache import forget as forget_areas
from lingka.areas.models import Area, Place
from lingka.cases.actions import activate_shipped
from lingka.cases.selectors import catalogue
from lingka.core import clock, codes
from lingka.core.ids import uuid7
from lingka.units.models import Calendar, CalendarVersion, Service, Unit
from lingka.units.selectors import forget as forget_units

LON, LAT = 91.12, 29.65
FROM = dt.date(2020, 1, 1)
DAY = [["09:30", "13:00"], ["15:30", "18:30"]]


def _names(zh, bo, en):
    return {"zh-hans": zh, "bo": bo, "en": en}


def _area(level, code, names, parent, box=None):
    boundary = shapely.to_wkb(shapely.box(*box)) if box else None
    row = Area.objects.create(
        uuid=uuid7(),
        level=level,
        code=code,
        name=names,
        parent=parent,
        path="",
        boundary=boundary,
        kind="comprehensive" if level == "grid" else "",
        lon=LON,
        lat=LAT,
        valid_from=FROM,
    )
    row.path = f"{parent.path if parent else '/'}{row.pk}/"
    row.save()
    return row


def _unit(key, kind, names, area, calendar, phone=""):  # noqa: PLR0917
    return Unit.objects.create(
        uuid=uuid7(), key=key, kind=kind, name=names, area=area, calendar=calendar, phone=phone
    )


def desk_for_all(town):
    """A desk that covers the whole town: its dispatcher."""
    made = _post("rexian", Role.DISPATCHER, town.desk, town.city)
    forget_accounts()
    return made


def _post(username, role, unit, area):
    user = User.objects.create(uuid=uuid7(), username=username, name=username)
    return Post.objects.create(user=user, role=role, unit=unit, area=area, valid_from=FROM)


def build():
    """Everything, as plain rows."""
    areas = _areas()
    units = _units(areas)
    posts = _staff(areas, units)
    return SimpleNamespace(**areas, place=_place(areas), posts=posts, **units)


def _areas():
    wide = (LON - 0.02, LAT - 0.02, LON + 0.02, LAT + 0.02)
    city = _area("city", "540100000000", _names("拉萨市", "ལྷ་ས་གྲོང་ཁྱེར།", "Lhasa"), None, wide)
    district = _area("district", "540102000000", _names("甲区", "ཀ་ཁུལ།", "District A"), city, wide)
    street = _area("street", "540102001000", _names("乙街道", "ཁ་སྲང་།", "Street B"), district, wide)
    community = _area(
        "community", "540102001001", _names("统建社区", "ཐུང་ཅན་སྡེ་ཁུལ།", "Tongjian"), street, wide
    )
    third = _area(
        "grid",
        "540102001001003",
        _names("第三网格", "དྲ་མིག་གསུམ་པ།", "Grid 3"),
        community,
        (LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01),
    )
    return {"city": city, "street": street, "community": community, "grid": third}


def _calendar():
    calendar = Calendar.objects.create(key="office", name=_names("办公", "གཞུང་ལས།", "Office"))
    CalendarVersion.objects.create(
        calendar=calendar,
        number=1,
        hours={str(day): DAY for day in range(7)},
        country="",
        valid_from=FROM,
    )
    return calendar


def _units(areas):
    calendar = _calendar()
    desk = _unit(
        "desk",
        "street_office",
        _names("乙街道办", "ཁ་སྲང་ལས་ཁུངས།", "Desk"),
        areas["street"],
        calendar,
    )
    grid_team = _unit(
        "grid-3",
        "grid_team",
        _names("第三网格", "དྲ་མིག་ཚོགས་པ།", "Grid team"),
        areas["grid"],
        calendar,
        "08910000000",
    )
    water = _unit(
        "water",
        "service_team",
        _names("供水维修队", "ཆུ་བཟོ་རུ་ཁག", "Water team"),
        areas["city"],
        calendar,
        "08911111111",
    )
    Service.objects.create(
        unit=water,
        area=areas["city"],
        case_type="water",
        basis=_names(
            "公共水管由供水单位维修", "སྤྱི་པའི་ཆུ་མདོང་ཆུ་ལས་ཁུངས་ཀྱིས་བཟོ།", "Public pipes are theirs"
        ),
        valid_from=FROM,
    )
    return {"desk": desk, "water": water, "grid_team": grid_team}


def _place(areas):
    return Place.objects.create(
        uuid=uuid7(),
        code="ABCDEF0",
        kind="building",
        name=_names("3 号院 2 单元", "ར་སྐོར་ཨང་༣པའི་སྡེ་ཚན་༢པ།", "Yard 3, stairs 2"),
        address=_names("乙街 3 号", "ཁ་སྲང་ཨང་༣", "Street B 3"),
        grid=areas["grid"],
        lon=LON,
        lat=LAT,
    )


def _staff(areas, units):
    posts = SimpleNamespace(
        dispatcher=_post("pai", Role.DISPATCHER, units["desk"], areas["street"]),
        handler=_post("shui", Role.HANDLER, units["water"], areas["city"]),
        verifier=_post("hefang", Role.VERIFIER, units["desk"], areas["street"]),
        worker=_post("wangge", Role.GRID_WORKER, units["grid_team"], areas["grid"]),
    )
    now = clock.now()
    Shift.objects.create(
        post=posts.worker,
        starts_at=now - dt.timedelta(hours=1),
        ends_at=now + dt.timedelta(hours=2),
    )
    return posts


def settle(settings, tmp_path):
    """Build the town with everything that processes remember put aside."""
    settings.MEDIA_ROOT = tmp_path / "media"
    forget()
    made = build()
    made.place.code = codes.short_code()
    made.place.save()
    activate_shipped()
    forget()
    return made


def forget():
    forget_accounts()
    forget_areas()
    forget_units()
    catalogue.forget()


@pytest.fixture
def town(db, settings, tmp_path):
    yield settle(settings, tmp_path)
    forget()


@pytest.fixture
def live_town(transactional_db, settings, tmp_path):
    """For tests in which a server and a browser look at the same rows."""
    yield settle(settings, tmp_path)
    forget()
