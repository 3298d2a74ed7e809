"""The demo's one-stop counters: windows, today's appointments, papers handed in once; and the
stations that their units run."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lingka.areas import selectors as areas
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.counter import actions, selectors
from lingka.counter.selectors import Visit, WindowInfo
from lingka.demo import stations
from lingka.demo.organisation import DESK, HOME, STREET
from lingka.guides import selectors as guides
from lingka.units import actions as units

if TYPE_CHECKING:
    from lingka.demo.history import History

RESIDENT = Actor("resident")
HOURS = dict.fromkeys(range(7), (("09:30", "13:00"), ("14:30", "18:30")))
CALENDAR = {"zh-hans": "便民服务站时间", "bo": "ཞབས་ཞུ་ས་ཚིགས་ཀྱི་དུས་ཚོད།", "en": "Counter hours"}
STATION = {"zh-hans": "便民服务站", "bo": "མི་དམངས་ཞབས་ཞུ་ས་ཚིགས།", "en": "Service Counter"}
WINDOW = {"zh-hans": "全科窗口", "bo": "ཀུན་ཁྱབ་སྒེའུ་ཁུང་།", "en": "Window for everything"}
PLACES = ((STREET, 20, 2), (HOME, 30, 1), (DESK, 30, 1))  # whose, minutes, people at once
BUSY = (0.7, 0.35, 0.2)  # of the times of today and the days after
MISSED = 0.1
LANGUAGES = ("zh-hans", "zh-hans", "bo")


def serve(history: "History") -> None:
    """Set up the windows, give out times, and live the part of today that is over."""
    yesterday = history.now - timedelta(days=1)
    with clock.at(yesterday):
        calendar = units.create_calendar(actor=SYSTEM, key="counters", name=CALENDAR)
        units.add_calendar_version(
            calendar, actor=SYSTEM, hours=HOURS, valid_from=history.begin.date()
        )
        for code, minutes, people in PLACES:
            _book(history, _window(code, calendar, minutes, people))
    today = history.now.date()
    for visit in selectors.visits(selectors.windows(), today):
        if visit.starts_at < history.now:
            _live(history, visit)
    stations.open_all(history)


def _window(code: str, calendar: int, minutes: int, people: int) -> WindowInfo:
    area = areas.area_by_code(code)
    assert area is not None  # the demo street is part of every size
    ends = {"zh-hans": "", "bo": "་", "en": " "}
    name = {one: f"{area.name[one].rstrip('།་')}{ends[one]}{STATION[one]}" for one in STATION}
    unit = units.create_unit(
        actor=SYSTEM, key=f"counter-{code}", kind="service_team", name=name, area_id=area.id,
        calendar_id=calendar, phone=f"0891-5551{code[6:9]}",
    )  # fmt: skip
    made = actions.set_window(
        None, actor=SYSTEM, name=WINDOW, unit=unit, slot_minutes=minutes, capacity=people
    )
    found = selectors.window(made)
    assert found is not None
    return found


def _book(history: "History", window: WindowInfo) -> None:
    """Today's times mostly taken, fewer of the days after."""
    services, rng, today = guides.guides("service"), history.rng, history.now.date()
    for day, times in selectors.free_days(window):
        share = dict(enumerate(BUSY)).get((day - today).days, 0.0)
        for at in times:
            if rng.random() < share:
                actions.book(
                    window.uuid, at, actor=RESIDENT, idempotency_key=uuid7(),
                    guide=rng.choice(services).key, language=rng.choice(LANGUAGES),
                )  # fmt: skip


def _live(history: "History", visit: Visit) -> None:
    """Came, and handed in after a while; or did not come."""
    desk = _desk(history, visit)
    if history.rng.random() < MISSED:
        with clock.at(_by(history, visit.starts_at + timedelta(minutes=25))):
            actions.move(visit.uuid, "missed", actor=desk)
        return
    with clock.at(_by(history, visit.starts_at + timedelta(minutes=2))):
        actions.move(visit.uuid, "arrived", actor=desk)
    over = visit.starts_at + timedelta(minutes=14)
    if over < history.now and visit.guide:
        papers = ["here"] * len(visit.guide.papers)
        if len(papers) > 1 and history.rng.random() < 0.4:  # noqa: PLR2004
            papers[-1] = history.rng.choice(("missing", "unneeded"))
        with clock.at(over):
            actions.hand_in(
                visit.guide.key, papers, actor=desk, idempotency_key=uuid7(),
                language=visit.language, appointment=visit.uuid,
            )  # fmt: skip


def _by(history: "History", moment: datetime) -> datetime:
    return min(moment, history.now)


def _desk(history: "History", visit: Visit) -> Actor:
    """The dispatcher of the nearest desk."""
    chain = [int(part) for part in visit.window.area_path.strip("/").split("/") if part]
    return next(history.staff.desks[one] for one in reversed(chain) if one in history.staff.desks)
