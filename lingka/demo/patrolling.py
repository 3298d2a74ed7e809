"""The demo's rounds: the grids of one community, walked for some days; some are missed."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.areas.selectors import AreaInfo, PlaceInfo
from lingka.cases import actions as cases
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.demo import drawings, voices
from lingka.demo.organisation import HOME, STREET, _post, _user
from lingka.patrols import actions, selectors
from lingka.patrols.checklists import evaluate
from lingka.patrols.models import Drive, Round
from lingka.patrols.selectors import drives, entries

if TYPE_CHECKING:
    from lingka.demo.history import History

DAYS = 5
SPOKEN = ("zh-hans", "bo")
OWN = "wangge"  # who signs in as the worker of this grid finds today's round not begun
DAILY = {"zh-hans": "每日巡查", "bo": "ཉིན་རེའི་སྐོར་ཞིབ།", "en": "Daily round"}
WEEKLY = {
    "zh-hans": "每周用火用气排查",
    "bo": "བདུན་རེའི་མེ་དང་རླངས་རྫས་ཞིབ་བཤེར།",
    "en": "Weekly check of fire and gas",
}
CAMPAIGN = {
    "zh-hans": "入冬除冰整治",
    "bo": "དགུན་ཁའི་འཁྱག་སེལ་ལས་འགུལ།",
    "en": "Winter campaign against ice",
}
KITCHENS = {
    "zh-hans": "餐馆用气联合检查",
    "bo": "ཟ་ཁང་རླངས་རྫས་མཉམ་འབྲེལ་ཞིབ་བཤེར།",
    "en": "Gas in kitchens",
}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LISTS = {  # what is looked at on which plan, by kind of place
    "daily": {"street": "road_ice", "park": "river_pasture", "courtyard": "", "school": "school"},
    "weekly": {"restaurant": "restaurant", "shop": "small_premises", "building": "rented_flat"},
}
FAULTS: dict[str, dict[str, dict[str, Any]]] = {  # what somebody finds, now and then
    "restaurant": {"back_door": {"value": "no", "words": "后门里面堆了三箱饮料，推不开。"}},
    "small_premises": {"extinguishers": {"value": 1, "words": "另一具压力不够，指针在红区。"}},
    "rented_flat": {"wires": {"value": ["strip_chain"], "words": "取暖器接在串起来的插板上。"}},
    "road_ice": {
        "ice": {"value": "patches", "words": "水管漏到路上，冻了两处。"},
        "where": {"value": ["slope"]}, "length": {"value": 4}, "water": {"value": "yes"},
        "warned": {"value": "yes"}, "grit": {"value": "yes"},
    },
    "school": {"light": {"value": "no", "words": "校门右边第二盏灯不亮。"}},
    "river_pasture": {"dumping": {"value": "no", "words": "岸边有一堆装修垃圾。"}},
}  # fmt: skip


def walk(history: "History") -> None:
    """Plans from a week ago, and what became of their rounds since."""
    rng = random.Random("rounds")  # noqa: S311 - apart, so that it changes nothing else
    grown = random.Random("registers")  # noqa: S311 - likewise
    home, street = areas.area_by_code(HOME), areas.area_by_code(STREET)
    assert home is not None  # both are part of every size
    assert street is not None
    begin = history.now - timedelta(days=DAYS)
    walkers = _walkers(history, home, begin)
    with clock.at(begin - timedelta(days=1)):
        _speak(history.staff.keeper)
        for grid, _walker in walkers.values():
            _plan(history, grid, history.staff.desks[street.id])
        _drive(history, home, walkers.values(), history.staff.desks[street.id])
        _enter(grown, [grid for grid, _walker in walkers.values()], history.staff.desks[street.id])
    _days(rng, walkers, begin, history.now)
    _keep_up(grown, walkers.values(), history.now)
    with clock.at(history.now):
        actions.lay_out_rounds()
        _together(history.staff.units["fire"], history.staff.desks[street.id])


def _speak(keeper: Actor) -> None:
    """The first question about ice can be heard: hummed, for nobody of the demo has a voice."""
    rng = random.Random("question")  # noqa: S311 - apart, so that it changes nothing else
    info = selectors.info("road_ice")
    assert info is not None  # comes with the package
    hummed = actions.keep_sound(voices.hum(rng), actor=keeper)
    first, *others = info.body["items"]
    body = {**info.body, "items": [{**first, "audio": dict.fromkeys(SPOKEN, hummed)}, *others]}
    actions.publish_checklist("road_ice", body, actor=keeper, reason="第一问配了录音")


def _in_order(grid: AreaInfo) -> list[PlaceInfo]:
    """As the city was built: codes, by which places are listed, differ from city to city."""
    return sorted(areas.places_in(grid.id), key=lambda one: one.id)


def _enter(rng: random.Random, grids: Iterable[AreaInfo], desk: Actor) -> None:
    """Bays, stall places and shopfronts of the community, as the desk first wrote them down."""
    for grid in grids:
        places = _in_order(grid)
        shops = [one for one in places if one.kind in {"shop", "restaurant"}]
        for at, one in enumerate(shops[:6]):
            values: dict[str, Any] = {"signed": "2026-03-01", "board": "hangs"}
            state = "help" if at == 1 else "kept"
            actions.make_entry("shopfronts", one.id, state=state, values=values, actor=desk)
        open_air = [one for one in places if one.kind in {"street", "market", "courtyard"}]
        for at, one in enumerate(open_air[:4]):
            values = {"two_wheelers": rng.randint(12, 60)}
            values |= {"bays": rng.randint(8, 50), "shared": "18:30-08:00"} if at % 2 else {}
            actions.make_entry("parking", one.id, state="open", values=values, actor=desk)
        for at, one in enumerate([one for one in open_air if one.kind != "courtyard"][:2]):
            values = {"hours": "17:30-22:00"}
            given = bool(shops) and at == 0
            values |= {"shop": str(shops[0].uuid), "until": "2027-01-31"} if given else {}
            state = "given" if given else "free"
            actions.make_entry("stalls", one.id, state=state, values=values, actor=desk)


def _keep_up(rng: random.Random, walkers: Iterable[tuple[AreaInfo, Actor]], now: datetime) -> None:
    """What phones saw since: some bays are full, some free two-wheeler bays were counted."""
    for grid, walker in walkers:
        bays = entries.entries("parking", [grid.path])
        for one in sorted(bays, key=lambda one: one.place.id):
            day = now.date() - timedelta(days=rng.randint(0, 4))
            said: dict[str, Any] = {"free": {"from": None, "to": rng.randint(0, 12)}}
            if rng.random() < 0.3:  # noqa: PLR2004 - a few
                said["state"] = {"from": "open", "to": "full"}
            with clock.at(now):
                actions.see_entry(one.uuid, said, actor=walker, day=day)


def _walkers(
    history: "History", home: AreaInfo, since: datetime
) -> dict[int, tuple[AreaInfo, Actor]]:
    """A worker for each grid of the community, by the team that walks it."""
    found = {}
    for grid in areas.children(home.id):
        team = history.staff.units[f"grid-{grid.code}"]
        if grid.code.endswith("003"):
            actor = Actor("user", _named(OWN))
        else:
            actor = _user(f"grid-{grid.code}-1", f"{grid.name['zh-hans']}网格员")
            _post(actor, "grid_worker", team, since.date() - timedelta(days=1), grid)
        found[team] = (grid, actor)
    return found


def _named(username: str) -> int:
    from lingka.accounts.models import User

    return User.objects.get(username=username).pk


def _plan(history: "History", grid: AreaInfo, desk: Actor) -> None:
    places = _in_order(grid)
    for kind, name, rule in (
        ("daily", DAILY, "FREQ=DAILY"), ("weekly", WEEKLY, "FREQ=WEEKLY;BYDAY=TU,FR"),
    ):  # fmt: skip
        chosen = LISTS[kind]
        stops = [
            {"place": one.id, "checklist": chosen.get(one.kind, ""), "note": {}}
            for one in places
            if kind == "daily" or one.kind in chosen
        ]
        if stops:
            _make(grid, history, kind, name, rule, stops, desk)
    icy = [one for one in places if one.kind in {"street", "courtyard", "building"}][:3]
    if icy and grid.code.endswith(("001", "003")):
        stops = [{"place": one.id, "checklist": "road_ice", "note": {}} for one in icy]
        _make(grid, history, "campaign", CAMPAIGN, "FREQ=DAILY;INTERVAL=2", stops, desk)


def _make(  # noqa: PLR0917
    grid: AreaInfo, history: "History", kind: str, name: Mapping[str, str], rule: str,
    stops: list[dict[str, Any]], desk: Actor,
) -> None:  # fmt: skip
    today = clock.now().date()
    body = {
        "name": dict(name), "kind": kind, "rule": rule, "level": "grid", "area": grid.id,
        "unit": history.staff.units[f"grid-{grid.code}"], "begins_on": str(today),
        "ends_on": str(today + timedelta(days=60)) if kind == "campaign" else None,
        "holidays": "keep" if kind == "daily" else "next", "from": "09:30", "until": "18:30",
        "stops": stops,
    }  # fmt: skip
    why = {"daily": "街道要求每天走一遍，看路、看门、看公共设施。",
           "weekly": "用火用气的店每周两次，入冬后加看取暖。",
           "campaign": "夜里零下，背阴的路段隔天看一次冰。"}  # fmt: skip
    actions.make_plan(body, actor=desk, reason=why[kind])


def _drive(
    history: "History", home: AreaInfo, walkers: Iterable[tuple[AreaInfo, Actor]], desk: Actor
) -> None:
    """Kitchens of the community: grid teams look in every other day, fire fighters come next."""
    today, kind = clock.now().date(), "restaurant"
    made = actions.make_drive(KITCHENS, home.id, today, today + timedelta(days=28), actor=desk)
    coming = WEEKDAYS[(history.now + timedelta(days=2)).weekday()]
    parts = [(history.staff.units["fire"], home.id, f"FREQ=WEEKLY;BYDAY={coming}")]
    for grid, _walker in walkers:
        parts.append((history.staff.units[f"grid-{grid.code}"], grid.id, "FREQ=DAILY;INTERVAL=2"))
    for unit, area, rule in parts:
        if drives.places_of_kind(area, kind):
            part = actions.Part(unit, area, kind, kind, rule, ("10:00", "18:00"))
            actions.join_drive(made, part, actor=desk)


def _together(fire: int, desk: Actor) -> None:
    """The fire station went along once, to a kitchen that a team had looked at."""
    drive, yesterday = Drive.objects.get(), clock.now().date() - timedelta(days=1)
    for part in drives.account(drive.uuid).parts:
        if part.visited:
            both = {fire, part.unit_id}
            actions.note_visit(drive.uuid, min(part.visited), yesterday, both, actor=desk)
            return


def _days(
    rng: random.Random, walkers: Mapping[int, tuple[AreaInfo, Actor]], begin: datetime,
    now: datetime,
) -> None:  # fmt: skip
    """Day by day up to now; the second grid has nobody on the last two."""
    for day in range(DAYS + 1):
        at = (begin + timedelta(days=day)).replace(hour=9, minute=40, second=0, microsecond=0)
        rows = Round.objects.filter(day=at.date(), unit_id__in=walkers)
        for row in rows.order_by("area__code", "kind"):
            grid, walker = walkers[row.unit_id]
            away = grid.code.endswith("002") and day >= DAYS - 2
            own_today = grid.code.endswith("003") and day == DAYS
            if not away and not own_today:
                _walk(rng, row.uuid, walker, at, now)
        with clock.at(min(at.replace(hour=22), now)):
            actions.close_missed()


def _walk(rng: random.Random, uuid: UUID, walker: Actor, at: datetime, now: datetime) -> None:
    """One round, as far as the day has come."""
    found = selectors.round_of(uuid)
    assert found is not None  # it was just read
    if at >= now or found.state == Round.State.CANCELLED:  # all its places were seen elsewhere
        return
    with clock.at(at):
        actions.start_round(uuid, actor=walker)
    for stop in found.stops:
        at += timedelta(minutes=rng.randint(6, 14) + stop.walk)
        if at >= now:
            return
        with clock.at(at):
            if rng.random() < 0.07:  # noqa: PLR2004 - a few
                why = rng.choice(("closed", "closed", "no_way", "called_away"))
                actions.record_stop(uuid, stop.id, outcome="skipped", reason=why, actor=walker)
            elif stop.checklist:
                _look(rng, uuid, stop, walker)
            else:
                actions.record_stop(uuid, stop.id, outcome="done", actor=walker)
    with clock.at(min(at + timedelta(minutes=4), now)):
        actions.end_round(uuid, actor=walker)


def _look(rng: random.Random, uuid: UUID, stop: selectors.StopInfo, walker: Actor) -> None:
    """Go through the stop's checklist; in order, but for one in eight."""
    info = selectors.info(stop.checklist)
    assert info is not None  # in force
    today = str(clock.now().date())
    answers = {one["key"]: said for one in info.body["items"] if (said := _right(one))}
    if rng.random() < 0.12:  # noqa: PLR2004 - a few
        answers |= {key: dict(said) for key, said in FAULTS[stop.checklist].items()}
    wanted = [
        one["item"] for one in evaluate(info.body, answers, today).problems
        if one["code"] == "photo"
    ]  # fmt: skip
    taken = {key: _photo(rng, walker) for key in wanted}
    for key, photo in taken.items():
        answers[key]["photos"] = [str(photo)]
    actions.submit_checklist(
        actor=walker, key=uuid7(), checklist=info.key, version=info.number, round=uuid,
        stop=stop.id, answers=answers, attachments=list(taken.values()),
    )  # fmt: skip


def _right(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """An answer that is in order; None for what may be left out."""
    if item["kind"] == "check":
        return {"value": "no" if "yes" in item.get("fails", ()) else "yes"}
    if not item.get("required", True):
        return None
    if item["kind"] == "choice":
        fails = item.get("fails", ())
        return {"value": next(one["key"] for one in item["options"] if one["key"] not in fails)}
    if item["kind"] == "number":
        good = item.get("good", {})
        return {"value": good.get("from", good.get("to", item.get("least", 1)))}
    in_a_year = str((clock.now() + timedelta(days=365)).date())
    known: dict[str, Any] = {"choices": {"value": []}, "date": {"value": in_a_year}}
    said: dict[str, Any] | None = known.get(item["kind"])
    return said


def _photo(rng: random.Random, walker: Actor) -> UUID:
    drawn = drawings.draw("passage", mended=False, rng=rng)
    return cases.add_attachment(drawn, actor=walker, kind="photo")
