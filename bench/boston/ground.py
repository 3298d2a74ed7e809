"""One desk, one unit and their people, in Boston's time and with its fitted deadlines."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.boston.fit import Fitted, Rule

LONG_AGO = date(2011, 1, 1)


@dataclass(frozen=True)
class Ground:
    """Who does what, as the engine's actors are told; picklable."""

    unit: int
    dispatcher: tuple[int, int]
    handler: tuple[int, int]


def key(kind: str) -> str:
    """The key of a case type in our catalogue."""
    return "boston." + re.sub(r"[^a-z0-9]+", "_", kind.lower()).strip("_")


def build(fitted: Fitted, kinds: set[str]) -> Ground:
    """In an empty, migrated database."""
    from lingka.areas.models import Area
    from lingka.core.ids import uuid7
    from lingka.units.models import Calendar, CalendarVersion, Unit

    shape = b""
    city = Area.objects.create(
        uuid=uuid7(), code="250250000000", level="city", name=_names("Boston"), path="/",
        boundary=shape, lon=-71.06, lat=42.36, valid_from=LONG_AGO,
    )  # fmt: skip
    city.path = f"/{city.id}/"
    city.save(update_fields=["path"])
    office = Calendar.objects.create(key="city-hall", name=_names("City Hall"))
    CalendarVersion.objects.create(
        calendar=office, number=1, valid_from=LONG_AGO,
        hours={str(day): [list(fitted.hours)] for day in range(5)},
    )  # fmt: skip
    unit = Unit.objects.create(
        uuid=uuid7(), key="works", kind="department", name=_names("Works"), area=city,
        calendar=office,
    )  # fmt: skip
    _activate(fitted, kinds)
    return Ground(unit.id, _post("dispatcher", unit, city), _post("handler", unit, city))


def _names(text: str) -> dict[str, str]:
    return {"zh-hans": text, "bo": text, "en": text}


def _post(role: str, unit: Any, area: Any) -> tuple[int, int]:
    from lingka.accounts.models import Post, User
    from lingka.core.ids import uuid7

    user = User.objects.create(uuid=uuid7(), username=role, name=role, password="!")
    post = Post.objects.create(user=user, role=role, unit=unit, area=area, valid_from=LONG_AGO)
    return user.id, post.id


def _activate(fitted: Fitted, kinds: set[str]) -> None:
    """The fitted deadlines as a policy for each type, and the catalogue that names them.

    A type that the first half doesn't know has no deadline.
    """
    from lingka.cases import actions
    from lingka.core.actors import SYSTEM

    rules = {key(kind): fitted.rules.get(kind, Rule("")) for kind in kinds}
    policies = {
        name: {"resolve": {"basis": rule.basis, "amount": rule.amount}} if rule.basis else {}
        for name, rule in rules.items()
    }
    deadlines = {"key": "deadlines", "always": {}, "policies": policies}
    types = {
        name: {
            "group": "all", "name": _names(name), "description": _names(name), "keywords": [],
            "workflow": "quick_response", "deadlines": name, "publication": "hidden",
        }
        for name in rules
    }  # fmt: skip
    groups = {"all": {"name": _names("all"), "icon": "other"}}
    actions.activate("deadlines", deadlines, actor=SYSTEM)
    actions.activate(
        "case_types", {"key": "case_types", "groups": groups, "types": types}, actor=SYSTEM
    )
