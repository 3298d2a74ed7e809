"""The demo's live calls: yesterday a leader took some in person; the next day is written down."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases.selectors import who_may_lead
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.ids import uuid7
from lingka.demo.organisation import DESK, HOME, STREET
from lingka.intake import actions, rules

if TYPE_CHECKING:
    from lingka.demo.history import History

TOLD = (  # type, language, where, words
    ("light.out", "zh-hans", HOME, "菜市场后面那条路晚上一盏灯都不亮，老人出来散步看不见台阶。"),
    ("road.hole", "bo", DESK, "ང་ཚོའི་སྒོ་ཁའི་ལམ་དེར་དོང་ཞིག་ཡོད། བྱིས་པ་སློབ་གྲྭར་འགྲོ་དུས་ཉེན་ཁ་ཆེ།"),
    ("rubbish.full", "zh-hans", HOME, "周末垃圾没人收，星期一早上全堆在路口。"),
)
ANSWER = "我看过现场了：三天内修好，修好后我再来看一次。"


def take(history: "History") -> None:
    """Three calls of one morning; the leader has answered the first by name, two wait."""
    street = areas.area_by_code(STREET)
    assert street is not None  # part of every size
    desk = history.staff.desks[street.id]
    leader = who_may_lead(street.path)[0][0]
    yesterday = history.now - timedelta(days=1)
    begins = yesterday.replace(hour=10, minute=0, second=0, microsecond=0)
    with clock.at(begins - timedelta(days=3)):
        for day in (begins, begins + timedelta(days=8)):
            actions.set_call_day(leader, day, day + timedelta(hours=2), actor=desk)
    for number, told in enumerate(TOLD):
        opened = _call(told, begins + timedelta(minutes=11 + 17 * number), leader, desk)
        if number == 0:
            with clock.at(begins + timedelta(hours=6)):
                named = Actor("user", leader)
                said = {"words": ANSWER}
                cases.perform(opened.case_uuid, "lead_answer", actor=named, data=said)


def _call(told: tuple[str, ...], at: datetime, leader: int, desk: Actor) -> cases.Opened:
    case_type, language, where, words = told
    given = {
        "idempotency_key": uuid7(), "channel": rules.LIVE, "words": words, "address": where,
        "door": "", "case_type": case_type, "phone": "", "language": language, "leader": leader,
    }  # fmt: skip
    with clock.at(at):
        return actions.take_call(given, actor=desk)
