"""What the town on the stage does at its counter and with another platform, and the forms."""

from typing import Any

from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.counter import actions as counter
from lingka.counter import selectors as windows
from lingka.exchange import actions as exchange
from tests.cases.city import RESIDENT, City, names

GUIDE = "residence-permit"
MAPPING = """
source: province
format: csv
id: id
columns: {words: [words]}
types: {columns: [words], default: other.any}
"""


def at_the_counter(city: City) -> tuple[dict[str, Any], str]:
    """A window with somebody expected, and papers one of which is missing; the rows' things, and
    the appointment's token."""
    made = counter.set_window(
        None, actor=SYSTEM, name=names("窗口"), unit=city.units["office"].pk, slot_minutes=30,
        capacity=40,
    )  # fmt: skip
    window = windows.window(made)
    assert window is not None
    at = windows.free_days(window)[0][1][0]
    booked = counter.book(made, at, actor=RESIDENT, idempotency_key=uuid7(), guide=GUIDE)
    taken = counter.hand_in(
        GUIDE, ["here", "missing", "here", "here"], actor=city.staff["dispatcher"],
        idempotency_key=uuid7(),
    )  # fmt: skip
    things = {
        "window": str(made), "visit": str(booked.uuid), "papers_code": taken.short_code,
        "slot": at.isoformat(),
    }  # fmt: skip
    return things, booked.token


def platform() -> None:
    """Another platform, with which files are exchanged."""
    exchange.set_peer("province", actor=SYSTEM, name=names("省平台"), mapping=MAPPING)


def platform_form(key: str = "") -> dict[str, Any]:
    named = {f"peer-name_{code}": "省平台" for code in ("zh-hans", "bo", "en")}
    new = {"peer-key": key, "peer-mapping": MAPPING.replace("province", key)} if key else {}
    return named | {"do": "peer", "peer-mapping": MAPPING, "peer-shares": "own"} | new


def papers() -> dict[str, str]:
    return {f"paper_{at}": "here" for at in range(4)}


def window_form(city: City) -> dict[str, Any]:
    named = {f"window-name_{code}": "窗口" for code in ("zh-hans", "bo", "en")}
    unit = city.units["office"].pk
    return named | {
        "do": "window", "window-unit": unit, "window-slot_minutes": 20, "window-capacity": 2,
    }  # fmt: skip
