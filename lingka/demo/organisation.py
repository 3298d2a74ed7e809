"""The demo city's units, calendars and posts. Posts have names, persons have none."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from lingka.accounts import actions as accounts
from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo
from lingka.core import datafiles
from lingka.core.actors import SYSTEM, Actor
from lingka.demo.city import DATA, LANGUAGES
from lingka.units import actions as units

PASSWORD = "lingka-demo"  # noqa: S105 - of a city that does not exist
OFFICE = (("09:30", "13:00"), ("15:30", "18:30"))
LOSAR = (date(2025, 2, 28), date(2026, 2, 18), date(2027, 2, 7), date(2028, 2, 26))
SHOTON = (date(2025, 8, 23), date(2026, 8, 12))
HOME, STREET, DESK = "540102007003", "540102007000", "540102007001"
ON_CALL_DAYS = 14


@dataclass
class Staff:
    """Who can act in the history: actors by unit, desk area and duty."""

    handlers: dict[int, list[Actor]] = field(default_factory=dict)  # by unit
    desks: dict[int, Actor] = field(default_factory=dict)  # by area of the desk
    verifiers: list[Actor] = field(default_factory=list)
    supervisor: Actor = SYSTEM
    leader: Actor = SYSTEM  # of the demo street
    keeper: Actor = SYSTEM  # who administers the whole town
    walker: Actor = SYSTEM  # the demo grid's worker
    units: dict[str, int] = field(default_factory=dict)


@cache
def plan() -> dict[str, Any]:
    body: dict[str, Any] = datafiles.read(DATA / "organisation.yaml")
    return body


def texts(entry: dict[str, Any]) -> dict[str, str]:
    return {one: entry[one] for one in LANGUAGES}


def build(*, since: date, now: datetime) -> Staff:
    """Calendars, units with what they serve, users with posts, and who is on call."""
    made = Staff()
    office, always = _calendars(since)
    city = areas.roots()[0]
    for one in plan()["city_units"]:
        _unit(made, one, city, office, since)
    for district in areas.children(city.id):
        for one in plan()["district_units"]:
            _unit(made, _local(one, district), district, office, since)
    _offices(made, city, office, since)
    _partners(made, office)
    _agreements(made, now.date())
    _grid_teams(made, always)
    _staff(made, since)
    before = min(since, date(now.year - 1, 1, 1))  # a year for which people are thanked
    _demo_users(made, city, before, now)
    return made


def _calendars(since: date) -> tuple[int, int]:
    """The offices' calendar first: it also counts for desks before a unit leads."""
    offices = {"zh-hans": "机关工作时间", "bo": "གཞུང་ལས་ཁང་གི་ལས་ཀའི་དུས།", "en": "Office hours"}
    office = units.create_calendar(actor=SYSTEM, key="office", name=offices)
    names = plan()["holidays"]
    local = {"losar": (LOSAR, 3), "shoton": (SHOTON, 5)}
    days_off = {
        first + timedelta(days=step): texts(names[key])
        for key, (firsts, length) in local.items() for first in firsts for step in range(length)
    }  # fmt: skip
    units.add_calendar_version(
        office, actor=SYSTEM, hours=dict.fromkeys(range(5), OFFICE), country="CN",
        days_off=days_off, valid_from=since,
    )  # fmt: skip
    round_the_clock = {"zh-hans": "全天值守", "bo": "ཉིན་མཚན་སོ་ལྟ།", "en": "Day and night"}
    always = units.create_calendar(actor=SYSTEM, key="always", name=round_the_clock)
    units.add_calendar_version(
        always, actor=SYSTEM, hours=dict.fromkeys(range(7), (("00:00", "24:00"),)),
        valid_from=since,
    )  # fmt: skip
    return office, always


def _unit(made: Staff, one: dict[str, Any], area: AreaInfo, calendar: int, since: date) -> int:
    number = units.create_unit(
        actor=SYSTEM, key=one["key"], kind=one["kind"], name=texts(one), area_id=area.id,
        calendar_id=calendar, phone=f"0891-5550{len(made.units):03}",
    )  # fmt: skip
    made.units[one["key"]] = number
    basis = plan()["bases"]["utility" if one["kind"] == "utility" else "unit"]
    for case_type in one.get("serves", ()):
        _serve(number, one, area, case_type, basis, since)
    return number


def _serve(  # noqa: PLR0917
    unit: int, one: dict[str, Any], area: AreaInfo, case_type: str, basis: dict[str, str],
    since: date,
) -> None:  # fmt: skip
    words = {language: basis[language].format(unit=one[language]) for language in LANGUAGES}
    units.add_service(
        unit, actor=SYSTEM, area_id=area.id, case_type=case_type, basis=words, valid_from=since
    )


def _local(one: dict[str, Any], area: AreaInfo) -> dict[str, Any]:
    """A unit that every district has, with the district's name before its own."""
    joined = {
        "zh-hans": area.name["zh-hans"] + one["zh-hans"],
        "bo": f"{area.name['bo'].rstrip('།')}་{one['bo']}",
        "en": f"{area.name['en']} {one['en']}",
    }
    return one | joined | {"key": f"{one['key']}-{area.code[:6]}"}


OFFICE_NAMES = {
    "street": ("办事处", "ལས་ཁུངས།", "Office"),
    "community": ("居委会", "ཨུ་ཡོན་ལྷན་ཁང་།", "Committee"),
}


def _offices(made: Staff, city: AreaInfo, calendar: int, since: date) -> None:
    for area in areas.areas_below(city.id):
        if area.level not in OFFICE_NAMES:
            continue
        zh, bo, en = OFFICE_NAMES[area.level]
        own = {"zh-hans": zh, "bo": bo, "en": en}
        entry = _local(own | {"key": area.level, "kind": f"{area.level}_office"}, area)
        entry["key"] = f"{area.level}-{area.code}"
        number = _unit(made, entry, area, calendar, since)
        if area.level == "community":
            _serve(number, entry, area, "passage.stairs", plan()["bases"]["community"], since)
            _serve(number, entry, area, "help.errand", plan()["bases"]["community"], since)


def _partners(made: Staff, calendar: int) -> None:
    home = areas.area_by_code(STREET)
    assert home is not None  # the demo street is part of every size
    for one in plan()["partners"]:
        _unit(made, one, home, calendar, date(2026, 1, 1))


def _agreements(made: Staff, today: date) -> None:
    """What partners promised the demo street: most for a year, one soon over, one just run out."""
    home = areas.area_by_code(STREET)
    assert home is not None  # the demo street is part of every size
    for one in plan()["agreements"]:
        ends = today + timedelta(days=one["ends_in"])
        units.register_agreement(
            made.units[one["unit"]], actor=SYSTEM, area_ids=[home.id],
            case_types=one.get("work", ()), promise=texts(one),
            valid_from=ends - timedelta(days=365), valid_to=ends,
        )  # fmt: skip


def _grid_teams(made: Staff, calendar: int) -> None:
    team = {"zh-hans": "服务队", "bo": "ཞབས་ཞུ་རུ་ཁག", "en": "Team", "kind": "grid_team"}
    for area in areas.areas_below(areas.roots()[0].id):
        if area.level == "grid":
            entry = _local(team | {"key": "grid"}, area) | {"key": f"grid-{area.code}"}
            _unit(made, entry, area, calendar, date(2026, 1, 1))


def _user(username: str, name: str, *, password: str | None = None) -> Actor:
    number = accounts.create_user(
        actor=SYSTEM, username=username, name=name, password=password, language=""
    )
    return Actor("user", number)


def _post(actor: Actor, role: str, unit: int, since: date, area: AreaInfo | None = None) -> int:
    assert actor.id is not None  # a user's always is
    return accounts.grant_post(
        actor.id, actor=SYSTEM, role=role, unit_id=unit, area_id=area.id if area else None,
        valid_from=since,
    )  # fmt: skip


def _staff(made: Staff, since: date) -> None:
    """Posts without a sign-in: those who did the work of the last six months."""
    city = areas.roots()[0]
    listed = [(one["key"], one) for one in plan()["city_units"]]
    for district in areas.children(city.id):
        listed += [(f"{one['key']}-{district.code[:6]}", one) for one in plan()["district_units"]]
    listed += [(one["key"], one) for one in plan()["partners"] if "people" in one]
    for key, one in listed:
        for number in range(1, one["people"] + 1):
            actor = _user(f"{key}-{number}", f"{one['zh-hans']} {number} 班")
            _post(actor, "handler", made.units[key], since)
            made.handlers.setdefault(made.units[key], []).append(actor)
    for area in areas.areas_below(city.id):
        if area.level == "street":
            _desk(made, area, since)
        elif area.level == "community":
            unit = made.units[f"community-{area.code}"]
            actor = _user(f"community-{area.code}", f"{area.name['zh-hans']}值班岗")
            _post(actor, "handler", unit, since)
            made.handlers[unit] = [actor]


def _desk(made: Staff, area: AreaInfo, since: date) -> None:
    actor = _user(f"desk-{area.code}", f"{area.name['zh-hans']}受理岗")
    unit = made.units[f"street-{area.code}"]
    _post(actor, "dispatcher", unit, since)
    made.desks[area.id] = actor
    worker = _user(f"street-{area.code}", f"{area.name['zh-hans']}承办岗")
    _post(worker, "handler", unit, since)
    made.handlers[unit] = [worker]


def _demo_users(made: Staff, city: AreaInfo, since: date, now: datetime) -> None:
    """Those on the sign-in sheet; each can also be used with the password."""
    street, desk, home = (areas.area_by_code(code) for code in (STREET, DESK, HOME))
    grid = areas.area_by_code(f"{HOME}003")
    assert street and desk and home and grid  # noqa: PT018 - parts of every size
    sheet: list[tuple[str, str, str, str, AreaInfo]] = [
        ("pai", "街道受理台", "dispatcher", f"street-{STREET}", street),
        ("shequ", "社区受理台", "dispatcher", f"community-{DESK}", desk),
        ("rexian", "全市受理台", "dispatcher", "hotline", city),
        ("shui", "抢修队值班", "handler", "water", city),
        ("deng", "照明所值班", "handler", "lighting", city),
        ("hefang", "核实回访岗", "verifier", "callback", city),
        ("dudao", "督办岗", "supervisor", "supervision", city),
        ("lingdao", "街道分管领导岗", "leader", f"street-{STREET}", street),
        ("wangge", "三网格网格员", "grid_worker", f"grid-{HOME}003", grid),
        ("guanli", "系统管理岗", "administrator", "systems", city),
    ]
    actors: dict[str, Actor] = {}
    for username, name, role, unit, area in sheet:
        actor = actors[username] = _user(username, name, password=PASSWORD)
        post = _post(actor, role, made.units[unit], since, area)
        if role in {"handler", "grid_worker", "dispatcher"}:
            _on_call(post, now, around_the_clock=role == "handler")
    made.desks[city.id] = actors["rexian"]
    made.desks[desk.id] = actors["shequ"]
    made.desks[street.id] = actors["pai"]
    made.handlers[made.units["water"]].append(actors["shui"])
    made.handlers[made.units["lighting"]].append(actors["deng"])
    colleague = _user("hefang-2", "核实回访岗 2")
    _post(colleague, "verifier", made.units["callback"], since, city)
    made.verifiers = [actors["hefang"], colleague]
    made.supervisor = actors["dudao"]
    made.walker = actors["wangge"]
    made.leader, made.keeper = actors["lingdao"], actors["guanli"]
    chief = _user("shizhang", "市分管领导岗")
    _post(chief, "leader", made.units["supervision"], since, city)


def _on_call(post: int, now: datetime, *, around_the_clock: bool) -> None:
    """Duty from today on: the day, or the twenty-four hours."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(ON_CALL_DAYS):
        start = midnight + timedelta(days=day, hours=0 if around_the_clock else 9)
        accounts.plan_shift(
            post, actor=SYSTEM, starts_at=start,
            ends_at=start + timedelta(hours=24 if around_the_clock else 10),
        )  # fmt: skip
