"""A town with an activity, and people who take part in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lingka.members.selectors import MemberInfo
from lingka.volunteering import actions, rules, selectors
from lingka.volunteering.models import Service
from tests.cases.city import City, names
from tests.members.people import joined


def wanted(kind: str = "environment") -> actions.Draft:
    return actions.Draft(kind, names("捡垃圾"), names("沿河走一趟"), names("亭子"))


@dataclass(frozen=True)
class Town:
    city: City
    home: int
    code: str
    shift: UUID
    begins: datetime
    ends: datetime

    def member(self, number: int = 0) -> MemberInfo:
        return joined(self.home, f"1390000300{number}", f"云{number}").info

    def state(self, who: MemberInfo) -> str:
        return Service.objects.get(shift__uuid=self.shift, member=who.uuid).state

    def qr(self, at: datetime) -> str:
        secret = selectors.secret_of(self.shift) or b""
        return f"/v/in/{self.shift}/{rules.code_of(secret, rules.step_of(at))}"


def open_activity(city: City, begins: datetime, ends: datetime, *, places: int) -> Town:
    home = city.grid.parent_id or 0
    desk, other = city.staff["dispatcher"], city.staff["supervisor"]
    code = actions.draft(home, wanted(), actor=desk)
    shift = actions.add_shift(code, begins, ends, places, actor=desk)
    actions.approve(code, actor=other)
    actions.publish(code, actor=desk)
    return Town(city, home, code, shift, begins, ends)
