"""The demo's points bank: two exchange points, what members earned there, reserved and fetched."""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.core.problems import Problem
from lingka.demo.organisation import DESK, STREET, plan
from lingka.members.selectors import MemberInfo
from lingka.points import actions, rules
from lingka.points.models import Reservation

if TYPE_CHECKING:
    from lingka.demo.history import History

Texts = dict[str, str]
SHOPS: tuple[tuple[str, Texts, Texts], ...] = (
    (
        DESK,
        {"zh-hans": "社区服务站兑换点", "bo": "སྡེ་ཁུལ་ཞབས་ཞུ་ས་ཚིགས་བརྗེ་ས།",
         "en": "Community station exchange point"},
        {"zh-hans": "服务站一楼，每天 9 点半到 18 点半", "bo": "ས་ཚིགས་ཐོག་དང་པོ། ཉིན་རེར་ 9:30–18:30",
         "en": "Ground floor of the station, every day 9:30 to 18:30"},
    ),
    (
        STREET,
        {"zh-hans": "街角甜茶馆兑换点", "bo": "ལམ་ཟུར་ཇ་ཁང་བརྗེ་ས།",
         "en": "Corner tea-house exchange point"},
        {"zh-hans": "步行街东口，10 点到 20 点", "bo": "ལམ་ཆེན་ཤར་ཁ། 10:00–20:00",
         "en": "East end of the walking street, 10:00 to 20:00"},
    ),
)  # fmt: skip
GOODS: tuple[tuple[Texts, int, int, int | None], ...] = (  # name, points, how many, most a year
    ({"zh-hans": "甜茶一磅", "bo": "ཇ་མངར་མོ་བྷོང་གཅིག", "en": "A pound of sweet tea"}, 10, 60, None),
    ({"zh-hans": "洗衣液一瓶", "bo": "གོས་འཁྲུད་རྫས་ཤེལ་དམ་གཅིག", "en": "A bottle of detergent"},
     30, 24, 4),
    ({"zh-hans": "理发一次", "bo": "སྐྲ་བཞར་ཐེངས་གཅིག", "en": "A haircut"}, 20, 15, 6),
    ({"zh-hans": "青稞面一袋", "bo": "རྩམ་པ་ཁུག་གཅིག", "en": "A bag of barley flour"}, 40, 1, 2),
)  # fmt: skip
TAKING_PART = 0.7  # of the members
DEEDS = 9  # that a member has at the most
SPENDS = 0.6  # after one of them
RETURNED = 2  # of the last that were fetched
FETCHED = 0.9  # of the time; what is reserved after still waits


def exchange(history: "History", members: Sequence[MemberInfo]) -> None:
    """Months of small deeds, and what people fetched for them; some still have to fetch theirs."""
    rng = random.Random(len(members))  # noqa: S311 - a likeness
    street = areas.area_by_code(STREET)
    assert street is not None  # part of every size
    desk = history.staff.desks[street.id]
    sponsors = [history.staff.units[one["key"]] for one in plan()["partners"]]
    with clock.at(history.begin + timedelta(days=1)):
        offered = [_shop(code, name, where, sponsors, desk) for code, name, where in SHOPS]
    for one in members:
        if rng.random() < TAKING_PART:
            by = desk if one.area_path.startswith(street.path) else SYSTEM
            _lived(history, one, [good for shop in offered for good in shop], by, rng)
    with clock.at(history.now):
        actions.expire_holds()
        _returned(history)


def _returned(history: "History") -> None:
    """Some of what was fetched last came back whole: a wrong size, or there was one at home."""
    rows = Reservation.objects.filter(hold__state="posted").order_by("-hold__ended_at", "id")
    for uuid in rows.values_list("uuid", flat=True)[:RETURNED]:
        actions.take_back(uuid, actor=history.staff.supervisor)


def _shop(code: str, name: Texts, where: Texts, sponsors: list[int], desk: Actor) -> list[UUID]:
    area = areas.area_by_code(code)
    assert area is not None
    shop = actions.set_shop(
        None, actor=desk, unit=sponsors[0], area=area.id, name=name, where=where
    )
    made = []
    for number, (what, points, many, most) in enumerate(GOODS):
        offer = actions.Offer(what, points, sponsors[number % len(sponsors)], most)
        made.append(actions.set_good(shop, None, offer, actor=desk))
        actions.deliver(made[-1], many, actor=desk)
    return made


def _lived(
    history: "History", one: MemberInfo, goods: list[UUID], desk: Actor, rng: random.Random
) -> None:
    account = actions.open_account("points", actor=one.actor, member=one.uuid)
    begins = max(one.joined_at, history.begin + timedelta(days=1))  # as the exchange points did
    span = history.now - begins
    for turn in sorted(rng.random() for _ in range(rng.randint(1, DEEDS))):
        with clock.at(begins + span * turn):
            with suppress(Problem):  # the rules give no more that day
                _helped(one, turn, desk, rng)
            if rng.random() < SPENDS:
                with suppress(Problem):  # too few points, or none left
                    _fetched(rng.choice(goods), account, desk, fetch=turn < FETCHED)


def _helped(one: MemberInfo, turn: float, desk: Actor, rng: random.Random) -> None:
    by_hand = [key for key, rule in rules.BOOK.now().rules.items() if rule.source == rules.HAND]
    done = actions.Occasion(
        f"demo:{one.uuid}:{turn}", areas.day_of(None), one.area_id, one.workplace_id
    )
    actions.award_by_hand(rng.choice(by_hand), done, member=one.uuid, actor=desk)


def _fetched(good: UUID, account: UUID, desk: Actor, *, fetch: bool) -> None:
    made = actions.reserve(good, account, actor=desk, key=uuid7())
    if fetch:
        actions.hand_over(made.uuid, actor=desk)
