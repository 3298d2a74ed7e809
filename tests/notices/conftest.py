from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lingka.areas.models import Place
from lingka.core import clock, codes, receivers
from lingka.core.actors import Actor
from lingka.core.events import stored
from lingka.core.ids import uuid7
from lingka.core.models import Event
from lingka.notices import actions, selectors, templates
from lingka.notices.selectors import NoticeInfo
from tests.cases.city import HERE, City, names
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]


def deliver() -> None:
    """Hand every event to the receivers. Their cursors would not see a test's uncommitted ones."""
    receivers.discover()
    for name in ("notices.end", "notifications.tell"):
        one = receivers.RECEIVERS[name]
        rows = Event.objects.filter(type__in=one.types).order_by("position")
        one.handle([stored(row) for row in rows])


@pytest.fixture
def doors(city: City) -> list[Place]:
    """Three buildings of the grid."""
    return [
        Place.objects.create(
            uuid=uuid7(), code=codes.short_code(), kind="building", name=names(f"{number} 号楼"),
            grid=city.grid, lon=HERE[0], lat=HERE[1] + number / 10_000,
        )
        for number in (1, 2, 3)
    ]  # fmt: skip


@pytest.fixture
def put_up(city: City, doors: list[Place]) -> Callable[..., NoticeInfo]:
    """A notice of no water for the three buildings, by the street's desk."""

    def made(who: str | Actor = "dispatcher", **changes: Any) -> NoticeInfo:
        actor = who if isinstance(who, Actor) else city.staff[who]
        key: UUID | None = changes.pop("key", None)
        water = templates.template("water_off")
        assert water is not None
        values: dict[str, Any] = {
            "kind": "outage", "title": water.title, "text": water.text, "template": "water_off",
            "begins_at": clock.now(), "ends_at": clock.now() + timedelta(hours=6),
            "places": [door.id for door in doors], "unit": city.units["water"].id,
        }  # fmt: skip
        code = actions.publish(actions.Draft(**(values | changes)), actor=actor, key=key)
        found = selectors.notice(code)
        assert found is not None
        return found

    return made
