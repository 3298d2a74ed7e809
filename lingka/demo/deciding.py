"""The demo's votes: one that the street decided last week, one that is open now."""

import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.permissions import PermissionRefused
from lingka.covenants import actions as covenants
from lingka.covenants.actions import Adopted
from lingka.demo.organisation import STREET
from lingka.members.selectors import MemberInfo
from lingka.voting import actions, rules
from lingka.voting.actions import Draft

if TYPE_CHECKING:
    from uuid import UUID

    from lingka.core.actors import Actor
    from lingka.demo.history import History

YARD = {
    "zh-hans": "3 号院的空地按时段分着用吗？",
    "bo": "སྒོ་ར་ ༣ པའི་ས་སྟོང་དུས་ཚོད་ལྟར་བགོ་ནས་བེད་སྤྱོད་བྱེད་དམ།",
    "en": "Shall the yard of No. 3 be shared by the hour?",
}
YARD_ABOUT = {
    "zh-hans": "120 平方米空地：东头 40 平方米上午留给人晒太阳，不停车；其余画 6 个车位。"
    "九月整月，东头全天晾青稞。",
    "bo": "ས་སྟོང་སྨི་གྲུ་བཞི་མ་ ༡༢༠། ཤར་ངོས་སྨི་གྲུ་བཞི་མ་ ༤༠ སྔ་དྲོ་ཉི་མ་ལྡེ་ས།"
    " འཁོར་ལོ་འཇོག་མི་ཆོག ལྷག་མར་འཁོར་ལོ་འཇོག་ས་ ༦ འབྲི། ཟླ་ ༩ པར་ཤར་ངོས་སུ་ནས་སྐེམ།",
    "en": "120 m² of open ground: the eastern 40 m² are kept free of cars in the morning, for"
    " sitting in the sun; on the rest, six parking bays. In September barley dries there.",
}
TEA = {
    "zh-hans": "甜茶议事会每周哪天开？",
    "bo": "ཇ་མངར་མོའི་གྲོས་ཚོགས་བདུན་ཕྲག་རེར་ཉིན་གང་འཚོགས།",
    "en": "On which day shall the tea-house council meet?",
}
DAYS = (
    {"zh-hans": "周三晚上", "bo": "གཟའ་ལྷག་པའི་དགོང་དྲོ།", "en": "Wednesday evening"},
    {"zh-hans": "周六下午", "bo": "གཟའ་སྤེན་པའི་ཉིན་རྒྱབ།", "en": "Saturday afternoon"},
    {"zh-hans": "周日上午", "bo": "གཟའ་ཉི་མའི་སྔ་དྲོ།", "en": "Sunday morning"},
)
COVENANT = {
    "zh-hans": "3 号院空地公约",
    "bo": "སྒོ་ར་ ༣ པའི་ས་སྟོང་མཐུན་གྲོས།",
    "en": "Covenant on the yard of No. 3",
}
BEFORE = {
    "zh-hans": "空地上可以停车。\n九月整月，东头全天晾青稞。",
    "bo": "ས་སྟོང་དུ་འཁོར་ལོ་འཇོག་ཆོག\nཟླ་ ༩ པར་ཤར་ངོས་སུ་ནས་སྐེམ།",
    "en": "Cars may stand on the open ground.\nIn September barley dries at the eastern end.",
}
AGREED = {
    "zh-hans": "东头 40 平方米，上午留给人晒太阳，不停车。\n其余画 6 个车位，先到先停。\n"
    "九月整月，东头全天晾青稞。",
    "bo": "ཤར་ངོས་སྨི་གྲུ་བཞི་མ་ ༤༠ སྔ་དྲོ་ཉི་མ་ལྡེ་ས་ཡིན་པས་འཁོར་ལོ་འཇོག་མི་ཆོག\n"
    "ལྷག་མར་འཁོར་ལོ་འཇོག་ས་ ༦ འབྲི། སྔོན་ལ་སླེབས་པས་སྔོན་ལ་འཇོག\nཟླ་ ༩ པར་ཤར་ངོས་སུ་ནས་སྐེམ།",
    "en": "The eastern 40 m² are for sitting in the sun in the morning; no cars.\nOn the rest are"
    " six bays, first come first served.\nIn September barley dries at the eastern end.",
}
TABLE = {
    "zh-hans": "林卡坝坝会，院里 21 户到会",
    "bo": "གླིང་ཁའི་གྲོས་ཚོགས། ཁྱིམ་ཚང་ ༢༡ འཛོམས།",
    "en": "Meeting in the lingka, 21 households present",
}
COMES, IN_FAVOUR, BLANK = 0.75, 0.75, 0.07
EARLY = 0.4  # have voted already in the one that is open


def decide(history: "History", members: Sequence[MemberInfo]) -> None:
    """Both in the street of the demo's desk, among those who take part there."""
    rng = random.Random(len(members))  # noqa: S311 - a likeness
    street = areas.area_by_code(STREET)
    assert street is not None  # part of every size
    desk, now = history.staff.desks[street.id], history.now
    begins = (now - timedelta(days=14)).replace(hour=9, minute=0, second=0, microsecond=0)
    ends = begins + timedelta(days=6, hours=11)
    draft = Draft(street.id, YARD, "simple", ends, about=YARD_ABOUT, members=True)
    with clock.at(begins):
        decided = actions.prepare(draft, actor=desk)
        actions.open_vote(decided, actor=desk)
    with clock.at(begins + timedelta(days=3)):
        for one in members:
            choice = 0 if rng.random() < IN_FAVOUR else 1
            if rng.random() < COMES:
                cast(decided, rules.BLANK if rng.random() < BLANK else choice, one.actor)
    with clock.at(ends):
        actions.close_vote(decided, actor=desk)
        actions.count(decided, actor=desk)
    _agreed(street.id, desk, decided, begins.date(), ends.date())
    _running(history, street.id, desk, members, rng)


def _agreed(street: int, desk: "Actor", vote: "UUID", begins: date, ends: date) -> None:
    """What a meeting had agreed on, and what the vote made of it."""
    before = begins - timedelta(days=5)
    with clock.at(datetime.combine(ends, time(12), UTC) + timedelta(days=1)):
        first = Adopted(BEFORE, before, meeting=TABLE, on=before)
        made = covenants.begin(street, COVENANT, first, actor=desk)
        covenants.adopt(made, Adopted(AGREED, ends + timedelta(days=1), vote), actor=desk)


def _running(
    history: "History", street: int, desk: "Actor", members: Sequence[MemberInfo],
    rng: random.Random,
) -> None:  # fmt: skip
    begins = (history.now - timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    with clock.at(begins):
        ends = begins + timedelta(days=7, hours=11)
        draft = Draft(street, TEA, "most", ends, options=DAYS, members=True)
        vote = actions.prepare(draft, actor=desk)
        actions.open_vote(vote, actor=desk)
        for one in members:
            if rng.random() < EARLY:
                cast(vote, rng.choice((0, 1, 1, 2)), one.actor)


def cast(vote: "UUID", choice: int, actor: "Actor") -> None:
    with suppress(PermissionRefused):  # who joined after the opening
        actions.cast(vote, choice, actor=actor)
