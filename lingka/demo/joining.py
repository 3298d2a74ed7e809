"""The demo's members: a few dozen who joined over the months, and workplaces that checked in."""

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.crypto import unseal
from lingka.demo.organisation import DESK, HOME, STREET, plan
from lingka.members import actions, selectors
from lingka.members.models import Code

if TYPE_CHECKING:
    from lingka.demo.history import History

# Nobody's names: what people might call themselves.
NAMES = {
    "zh-hans": (
        "早起的云雀", "河边的柳树", "甜茶一磅", "爱看雪的人", "三楼的灯", "转角裁缝", "青稞田边",
        "修车师傅的徒弟", "爱唱歌的邻居", "会写春联", "老照相机", "放风筝的", "巷口修鞋摊",
        "种花的", "会理发的", "热心的会计", "退休的校医", "下夜班的护士", "骑车上班", "爱下棋",
    ),
    "bo": (
        "གངས་དཀར།", "མེ་ཏོག་སེར་པོ།", "ལྕང་མའི་གྲིབ་བསིལ།", "ཇ་མངར་མོ།", "སྐར་མ་གསལ་པོ།",
        "གླུ་དབྱངས་དགའ་མཁན།", "ནས་ཞིང་གི་འགྲམ།", "ཐོག་ས་གསུམ་པའི་སྒྲོན་མེ།", "ཆུ་འགྲམ་གྱི་ལྕང་མ།",
        "ཞོགས་པའི་བྱེའུ།", "མིག་མང་དགའ་མཁན།", "འཚེམ་བུ་བ།",
    ),
}  # fmt: skip
LANGUAGES = ("zh-hans", "zh-hans", "bo")
PEOPLE = {DESK: 14, HOME: 18, STREET: 6}  # of a street: of its other communities, together
OFFERS: tuple[tuple[tuple[str, ...], tuple[int, ...], tuple[str, ...]], ...] = (
    (("talks", "advice"), (2, 4), ("afternoon",)),
    (("tutoring", "care"), (5, 6), ("morning", "afternoon")),
    (("environment", "crossings"), (0, 3, 5), ("morning",)),
    (("errands", "emergencies"), (0, 1, 2, 3, 4), ("evening",)),
)
AT_WORK = 0.6  # of those whose community has workplaces
EARLY = 14  # of the people, who joined a year before
WAITS = 2  # check-ins that nobody has confirmed yet


def join(history: "History", rng: random.Random) -> list[selectors.MemberInfo]:
    """Workplaces first, then people, one by one over the last months."""
    homes = [one for code in (DESK, HOME) if (one := areas.area_by_code(code)) is not None]
    for number, home in enumerate(homes):
        with clock.at(history.begin + timedelta(days=2 + number)):
            _workplaces(history, home.id, number)
    street = areas.area_by_code(STREET)
    assert street is not None  # part of every size
    others = [
        one.id for one in areas.children(street.id)
        if selectors.is_community(one.id) and one.code not in PEOPLE
    ] or [homes[0].id]  # fmt: skip
    where = [home.id for home in homes for _one in range(PEOPLE[home.code])]
    where += [rng.choice(others) for _one in range(PEOPLE[STREET])]
    rng.shuffle(where)
    span = (history.now - history.begin - timedelta(days=4)).total_seconds()
    early = history.now.replace(year=history.now.year - 1, month=9, day=1, hour=11)
    members = []
    for number, area in enumerate(where):
        after = timedelta(days=3, seconds=span * number / len(where))
        at = early + timedelta(days=number) if number < EARLY else history.begin + after
        with clock.at(at):
            members.append(_joined(number, area, rng))
    _wait(history, others[0])
    return members


def _units(history: "History") -> list[int]:
    return [history.staff.units[one["key"]] for one in plan()["partners"]]


def _workplaces(history: "History", area: int, turn: int) -> None:
    """Partner units, each with a little of what people help with; the street's desk confirms."""
    for number, unit in enumerate(_units(history)[turn::2][: len(OFFERS)]):
        kinds, weekdays, times = OFFERS[(number + turn) % len(OFFERS)]
        actions.check_in(
            unit, area, actor=_desk(history), kinds=kinds, weekdays=weekdays, times=times
        )


def _desk(history: "History") -> Actor:
    street = areas.area_by_code(STREET)
    assert street is not None
    return history.staff.desks[street.id]


def _wait(history: "History", area: int) -> None:
    """Units that have asked by themselves, for the desk to look at."""
    asking = [(unit, people[0]) for unit in _units(history)
              if (people := history.staff.handlers.get(unit))]  # fmt: skip
    with clock.at(history.now - timedelta(days=1)):
        for number, (unit, actor) in enumerate(asking[:WAITS]):
            kinds, weekdays, times = OFFERS[number]
            actions.check_in(unit, area, actor=actor, kinds=kinds, weekdays=weekdays, times=times)


def _joined(number: int, area: int, rng: random.Random) -> selectors.MemberInfo:
    """As from a phone; the digits are read where they wait for being sent."""
    language = LANGUAGES[number % len(LANGUAGES)]
    names = NAMES[language]
    before = sum(LANGUAGES[one % len(LANGUAGES)] == language for one in range(number))
    name = names[before % len(names)]
    to = f"member{number + 1}@example.org"
    token = actions.ask(to, language=language, source=f"demo {number}")
    row: Any = Code.objects.latest("id")
    digits = unseal(bytes(row.sealed))["digits"]
    actions.enter(token, digits, source=f"demo {number}")
    places = selectors.workplace_choices(area)
    work = rng.choice(places)[0] if places and rng.random() < AT_WORK else None
    key = actions.join(token, name=name, area=area, language=language, workplace=work)
    found = selectors.by_key(key)
    assert found is not None
    actions.sign_out(key)
    return found
