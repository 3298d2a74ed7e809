"""People who join in tests, as they would from a phone."""

from dataclasses import dataclass
from typing import Any

from lingka.core import receivers
from lingka.core.crypto import unseal
from lingka.core.events import stored
from lingka.core.models import Event
from lingka.members import actions, selectors
from lingka.members.models import Code
from lingka.members.selectors import MemberInfo

OFFER: dict[str, Any] = {"kinds": ["talks"], "weekdays": [2, 4], "times": ["evening"]}


@dataclass(frozen=True)
class Joined:
    key: str
    info: MemberInfo


def digits() -> str:
    """What the newest message would say."""
    return str(unseal(bytes(Code.objects.latest("id").sealed))["digits"])


def proved(to: str, *, member: int | None = None, old: str = "") -> tuple[str, str]:
    """A browser's token and the key that it got for the right digits."""
    token = actions.ask(to, language="zh-hans", source=f"of {to}", member=member)
    return token, actions.enter(token, digits(), source=f"of {to}", old=old)


def joined(area: int, to: str = "13900001111", name: str = "云雀", **more: Any) -> Joined:
    token, _key = proved(to)
    key = actions.join(token, name=name, area=area, language="zh-hans", **more)
    info = selectors.by_key(key)
    assert info is not None
    return Joined(key, info)


def hear(name: str) -> None:
    """Hand a receiver its events. Its cursor would not see a test's uncommitted ones."""
    receivers.discover()
    one = receivers.RECEIVERS[name]
    rows = Event.objects.filter(type__in=one.types).order_by("position")
    one.handle([stored(row) for row in rows])
