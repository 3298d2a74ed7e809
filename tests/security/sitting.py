"""A council in the stage's town, with a topic to look at, one to be read, and a meeting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.deliberation import actions
from lingka.deliberation.models import Material, Topic
from tests.cases.city import City, picture
from tests.deliberation.table import council, proposed, raised


def at_the_table(city: City) -> dict[str, Any]:
    desk, tea = city.staff["dispatcher"], council(city)
    asked, topic = proposed(tea), raised(city, tea)
    laid = Material.objects.create(
        topic=Topic.objects.get(uuid=topic), name="车位图", attachment=picture()
    )
    begins = clock.now() + timedelta(minutes=10)
    meeting = actions.plan(tea, begins, "甜茶馆", actor=desk)
    actions.put_on_agenda(meeting, topic, actor=desk)
    actions.invite(meeting, topic, "affected", actor=desk, name="三号院")
    actions.convene(meeting, actor=desk)
    hall = council(city, "hall", "online")
    return {
        "written_topic": str(raised(city, hall)),
        "council_key": "tea", "asked_topic": str(asked), "public_topic": str(topic),
        "material": str(laid.uuid), "meeting": str(meeting), "table_code": "0" * 12,
    }  # fmt: skip


def _proposal(_stage: Any) -> dict[str, Any]:
    return {"title": "灯", "text": "太暗", "idempotency_key": str(uuid7())}


# What is sent to their pages; called with the stage.
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "/councils/<key>/propose": _proposal,
    "/councils/topics/<topic>": lambda _s: {"do": "tell"},
    "/councils/topics/<topic>/talk": lambda _s: {"do": "say", "text": ""},
    "/desk/councils/<key>/": lambda _s: {
        "do": "raise",
        "raise-title": "灯",
        "raise-text": "太暗",
        "raise-case": "",
    },
    "/desk/councils/topics/<topic>": lambda _s: {"do": "accept"},
    "/desk/councils/meetings/<meeting>": lambda _s: {"do": "hold", "hold-present": "0"},
}
